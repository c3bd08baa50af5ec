import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

import com.amazonaws.ClientConfiguration;
import com.amazonaws.HttpMethod;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.iterable.S3Objects;
import com.amazonaws.services.s3.model.DeleteObjectsRequest;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import com.amazonaws.services.s3.transfer.TransferManagerBuilder;
import com.amazonaws.util.IOUtils;

/** S3 with the SDK v1, which signs each chunk of a body, and its transfer manager. */
final class S3Version1 {
    static final AWSStaticCredentialsProvider CREDENTIALS = new AWSStaticCredentialsProvider(new BasicAWSCredentials("test", "test"));
    static final ClientConfiguration ONCE = new ClientConfiguration().withMaxErrorRetry(0);

    static void round(Checks checks, URI endpoint) throws Exception {
        AmazonS3 s3 = AmazonS3ClientBuilder.standard().withEndpointConfiguration(new EndpointConfiguration(endpoint.toString(), "us-east-1"))
            .withCredentials(CREDENTIALS).withClientConfiguration(ONCE).withPathStyleAccessEnabled(true).build();
        String bucket = "java-v1";
        s3.createBucket(bucket);
        put(s3, bucket, S3Rounds.KEY, S3Rounds.SMALL);
        checks.equal("v1: GetObject", get(s3, new GetObjectRequest(bucket, S3Rounds.KEY)), S3Rounds.SMALL);
        byte[] large = S3Rounds.bytes(S3Rounds.LARGE);
        var manager = TransferManagerBuilder.standard().withS3Client(s3).withMinimumUploadPartSize((long) S3Rounds.PART)
            .withMultipartUploadThreshold((long) S3Rounds.PART).withMultipartCopyThreshold((long) S3Rounds.PART).withMultipartCopyPartSize((long) S3Rounds.PART).build();
        ObjectMetadata length = new ObjectMetadata();
        length.setContentLength(large.length);
        manager.upload(bucket, "parts", new ByteArrayInputStream(large), length).waitForCompletion();
        checks.equal("v1: the parts", get(s3, new GetObjectRequest(bucket, "parts")), large);
        checks.equal("v1: a range", get(s3, new GetObjectRequest(bucket, "parts").withRange(10, 19)), Arrays.copyOfRange(large, 10, 20));
        manager.copy(bucket, "parts", bucket, "copy in parts").waitForCompletion();
        checks.equal("v1: the copy in parts", get(s3, new GetObjectRequest(bucket, "copy in parts")), large);
        s3.copyObject(bucket, S3Rounds.KEY, bucket, "copy");
        checks.equal("v1: the copy", get(s3, new GetObjectRequest(bucket, "copy")), S3Rounds.SMALL);
        manager.shutdownNow(false);

        Date soon = new Date(System.currentTimeMillis() + 60_000);
        var upload = (HttpURLConnection) s3.generatePresignedUrl(bucket, "signed", soon, HttpMethod.PUT).openConnection();
        upload.setRequestMethod("PUT");
        upload.setDoOutput(true);
        upload.getOutputStream().write(S3Rounds.SMALL);
        checks.equal("v1: presigned PUT", upload.getResponseCode(), 200);
        checks.equal("v1: presigned GET", IOUtils.toByteArray(s3.generatePresignedUrl(bucket, "signed", soon).openStream()), S3Rounds.SMALL);

        var keys = new java.util.ArrayList<String>();
        S3Objects.inBucket(s3, bucket).withBatchSize(2).forEach((S3ObjectSummary found) -> keys.add(found.getKey()));
        checks.equal("v1: the list", keys, List.of("copy", "copy in parts", S3Rounds.KEY, "parts", "signed"));
        checks.refused("v1: a missing key", () -> s3.getObject(bucket, "missing"), "NoSuchKey", "The specified key does not exist.", 404);
        s3.deleteObjects(new DeleteObjectsRequest(bucket).withKeys(keys.toArray(String[]::new)));
        s3.deleteBucket(bucket);
        checks.equal("v1: the bucket is gone", s3.doesBucketExistV2(bucket), false);
        s3.shutdown();
    }

    private static void put(AmazonS3 s3, String bucket, String key, byte[] bytes) {
        ObjectMetadata length = new ObjectMetadata();
        length.setContentLength(bytes.length);
        s3.putObject(bucket, key, new ByteArrayInputStream(bytes), length);
    }

    private static byte[] get(AmazonS3 s3, GetObjectRequest request) throws Exception {
        try (var object = s3.getObject(request)) {
            return IOUtils.toByteArray(object.getObjectContent());
        }
    }
}
