import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/** S3 with the SDK v2: its sync client, its async client on Netty, its client on the CRT, and the transfer manager on the last two. */
final class S3Rounds {
    static final Region REGION = Region.US_EAST_1;
    static final AwsCredentialsProvider CREDENTIALS = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    static final int PART = 5 << 20;
    static final int LARGE = 12_345_678;
    static final byte[] SMALL = "ein Brief, åäö\n".getBytes(StandardCharsets.UTF_8);
    static final String KEY = "letters/a b+c/ü&'.txt";

    static void sync(Checks checks, URI endpoint) throws Exception {
        // Nothing but the endpoint: what is an address is spoken to by path.
        S3Client s3 = S3Client.builder().endpointOverride(endpoint).region(REGION).credentialsProvider(CREDENTIALS)
            .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry())).build();
        String bucket = "java-sync";
        s3.createBucket(request -> request.bucket(bucket));
        checks.equal("sync: PutObject", s3.putObject(request -> request.bucket(bucket).key(KEY).contentType("text/plain").metadata(Map.of("of", "sync")),
            RequestBody.fromBytes(SMALL)).eTag(), etag(SMALL));
        var small = s3.getObjectAsBytes(request -> request.bucket(bucket).key(KEY));
        checks.equal("sync: GetObject", small.asByteArray(), SMALL);
        checks.equal("sync: headers", List.of(small.response().contentType(), small.response().metadata()), List.of("text/plain", Map.of("of", "sync")));
        checks.equal("sync: HeadObject", s3.headObject(request -> request.bucket(bucket).key(KEY)).contentLength(), (long) SMALL.length);

        // A stream is sent in signed chunks, its checksum behind it.
        byte[] large = bytes(LARGE);
        s3.putObject(request -> request.bucket(bucket).key("stream"), RequestBody.fromInputStream(new ByteArrayInputStream(large), large.length));
        checks.equal("sync: a stream", s3.getObjectAsBytes(request -> request.bucket(bucket).key("stream")).asByteArray(), large);
        // Without checksums: the chunks are signed, and nothing follows them.
        try (S3Client bare = S3Client.builder().endpointOverride(endpoint).region(REGION).credentialsProvider(CREDENTIALS)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED).responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED).build()) {
            bare.putObject(request -> request.bucket(bucket).key("bare"), RequestBody.fromInputStream(new ByteArrayInputStream(large), large.length));
            checks.equal("sync: a stream without checksums", bare.getObjectAsBytes(request -> request.bucket(bucket).key("bare")).asByteArray(), large);
        }
        var range = s3.getObjectAsBytes(request -> request.bucket(bucket).key("stream").range("bytes=10-19"));
        checks.equal("sync: a range", range.asByteArray(), Arrays.copyOfRange(large, 10, 20));
        checks.equal("sync: Content-Range", range.response().contentRange(), "bytes 10-19/" + LARGE);

        String upload = s3.createMultipartUpload(request -> request.bucket(bucket).key("parts").checksumAlgorithm(ChecksumAlgorithm.CRC32)).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int from = 0; from < LARGE; from += PART) {
            int number = parts.size() + 1;
            byte[] part = Arrays.copyOfRange(large, from, Math.min(LARGE, from + PART));
            var sent = s3.uploadPart(request -> request.bucket(bucket).key("parts").uploadId(upload).partNumber(number)
                .checksumAlgorithm(ChecksumAlgorithm.CRC32), RequestBody.fromBytes(part));
            checks.equal("sync: UploadPart " + number, sent.eTag(), etag(part));
            parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).checksumCRC32(sent.checksumCRC32()).build());
        }
        checks.equal("sync: ListParts", s3.listPartsPaginator(request -> request.bucket(bucket).key("parts").uploadId(upload).maxParts(2)).parts().stream()
            .mapToLong(part -> part.size()).sum(), (long) LARGE);
        s3.completeMultipartUpload(request -> request.bucket(bucket).key("parts").uploadId(upload).multipartUpload(done -> done.parts(parts)));
        checks.equal("sync: the parts", s3.getObjectAsBytes(request -> request.bucket(bucket).key("parts")).asByteArray(), large);
        String left = s3.createMultipartUpload(request -> request.bucket(bucket).key("left")).uploadId();
        s3.abortMultipartUpload(request -> request.bucket(bucket).key("left").uploadId(left));
        checks.equal("sync: no upload is left", s3.listMultipartUploads(request -> request.bucket(bucket)).uploads(), List.of());

        s3.copyObject(request -> request.sourceBucket(bucket).sourceKey(KEY).destinationBucket(bucket).destinationKey("copy"));
        checks.equal("sync: the copy", s3.getObjectAsBytes(request -> request.bucket(bucket).key("copy")).asByteArray(), SMALL);
        presigned(checks, endpoint, bucket);
        List<String> keys = s3.listObjectsV2Paginator(request -> request.bucket(bucket).maxKeys(2)).contents().stream().map(S3Object::key).toList();
        checks.equal("sync: the list", keys, List.of("bare", "copy", KEY, "parts", "signed", "signed parts", "stream"));
        checks.refused("sync: a missing key", () -> s3.getObjectAsBytes(request -> request.bucket(bucket).key("missing")),
            "NoSuchKey", "The specified key does not exist.", 404);
        checks.refused("sync: a missing bucket", () -> s3.listObjectsV2(request -> request.bucket("not-there-at-all")),
            "NoSuchBucket", "The specified bucket does not exist", 404);
        s3.deleteObject(request -> request.bucket(bucket).key(KEY));
        var rest = keys.stream().filter(key -> !key.equals(KEY)).map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        checks.equal("sync: DeleteObjects", s3.deleteObjects(request -> request.bucket(bucket).delete(these -> these.objects(rest))).deleted().size(), rest.size());
        s3.deleteBucket(request -> request.bucket(bucket));
        checks.equal("sync: no bucket is left", s3.listBuckets().buckets(), List.of());
    }

    /** Presigned PUT, GET, UploadPart and DELETE, sent by a client that knows nothing of AWS. */
    private static void presigned(Checks checks, URI endpoint, String bucket) throws Exception {
        try (S3Presigner signer = S3Presigner.builder().endpointOverride(endpoint).region(REGION).credentialsProvider(CREDENTIALS).build();
             S3Client s3 = S3Client.builder().endpointOverride(endpoint).region(REGION).credentialsProvider(CREDENTIALS).build()) {
            Duration minute = Duration.ofMinutes(1);
            var put = signer.presignPutObject(sign -> sign.signatureDuration(minute).putObjectRequest(request -> request.bucket(bucket).key("signed")));
            checks.equal("presigned PUT", sent(put, SMALL).statusCode(), 200);
            var get = signer.presignGetObject(sign -> sign.signatureDuration(minute).getObjectRequest(request -> request.bucket(bucket).key("signed")));
            checks.equal("presigned GET", sent(get, null).body(), SMALL);
            String upload = s3.createMultipartUpload(request -> request.bucket(bucket).key("signed parts")).uploadId();
            byte[] bytes = bytes(PART);
            var part = signer.presignUploadPart(sign -> sign.signatureDuration(minute)
                .uploadPartRequest(request -> request.bucket(bucket).key("signed parts").uploadId(upload).partNumber(1)));
            var answer = sent(part, bytes);
            checks.equal("presigned UploadPart", List.of(answer.statusCode(), answer.headers().firstValue("etag").orElse("")), List.of(200, etag(bytes)));
            s3.completeMultipartUpload(request -> request.bucket(bucket).key("signed parts").uploadId(upload)
                .multipartUpload(done -> done.parts(CompletedPart.builder().partNumber(1).eTag(etag(bytes)).build())));
            checks.equal("the presigned part", s3.getObjectAsBytes(request -> request.bucket(bucket).key("signed parts")).asByteArray(), bytes);
            s3.putObject(request -> request.bucket(bucket).key("to delete"), RequestBody.fromBytes(SMALL));
            var delete = signer.presignDeleteObject(sign -> sign.signatureDuration(minute).deleteObjectRequest(request -> request.bucket(bucket).key("to delete")));
            checks.equal("presigned DELETE", sent(delete, null).statusCode(), 204);
        }
    }

    private static HttpResponse<byte[]> sent(PresignedRequest signed, byte[] body) throws Exception {
        var method = signed.httpRequest().method().name();
        var request = HttpRequest.newBuilder(signed.url().toURI())
            .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        signed.signedHeaders().forEach((name, values) -> {
            if (!name.equals("host")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static void async(Checks checks, URI endpoint, Path scratch) throws Exception {
        any(checks, "async", scratch, () -> S3AsyncClient.builder().endpointOverride(endpoint).region(REGION).credentialsProvider(CREDENTIALS)
            .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .multipartEnabled(true).multipartConfiguration(sizes -> sizes.minimumPartSizeInBytes((long) PART).thresholdInBytes((long) PART)).build());
    }

    static void crt(Checks checks, URI endpoint, Path scratch) throws Exception {
        any(checks, "crt", scratch, () -> S3AsyncClient.crtBuilder().endpointOverride(endpoint).region(REGION).credentialsProvider(CREDENTIALS)
            .minimumPartSizeInBytes((long) PART).thresholdInBytes((long) PART).build());
    }

    /** Both clients cut what is large into parts by themselves. */
    private static void any(Checks checks, String name, Path scratch, Supplier<S3AsyncClient> client) throws Exception {
        try (S3AsyncClient s3 = client.get()) {
            String bucket = "java-" + name;
            s3.createBucket(request -> request.bucket(bucket)).join();
            var put = s3.putObject(request -> request.bucket(bucket).key(KEY).metadata(Map.of("of", name)), AsyncRequestBody.fromBytes(SMALL)).join();
            checks.equal(name + ": PutObject", put.eTag(), etag(SMALL));
            var small = s3.getObject(request -> request.bucket(bucket).key(KEY), AsyncResponseTransformer.toBytes()).join();
            checks.equal(name + ": GetObject", small.asByteArray(), SMALL);
            checks.equal(name + ": metadata", small.response().metadata(), Map.of("of", name));
            byte[] large = bytes(LARGE);
            var parts = s3.putObject(request -> request.bucket(bucket).key("parts"), AsyncRequestBody.fromBytes(large)).join();
            checks.equal(name + ": what is large goes in parts", parts.eTag().matches("\"[0-9a-f]{32}-3\""), true);
            checks.equal(name + ": the parts", s3.getObject(request -> request.bucket(bucket).key("parts"), AsyncResponseTransformer.toBytes()).join().asByteArray(), large);
            var body = AsyncRequestBody.forBlockingInputStream(null);
            var unknown = s3.putObject(request -> request.bucket(bucket).key("unknown"), body);
            body.writeInputStream(new ByteArrayInputStream(large));
            unknown.join();
            checks.equal(name + ": a stream of unknown length",
                s3.getObject(request -> request.bucket(bucket).key("unknown"), AsyncResponseTransformer.toBytes()).join().asByteArray(), large);
            var range = s3.getObject(request -> request.bucket(bucket).key("parts").range("bytes=5242870-5242889"), AsyncResponseTransformer.toBytes()).join();
            checks.equal(name + ": a range", range.asByteArray(), Arrays.copyOfRange(large, 5242870, 5242890));
            checks.equal(name + ": Content-Range", range.response().contentRange(), "bytes 5242870-5242889/" + LARGE);
            for (String key : List.of(KEY, "parts")) {
                s3.copyObject(request -> request.sourceBucket(bucket).sourceKey(key).destinationBucket(bucket).destinationKey("copy of " + key)).join();
            }
            checks.equal(name + ": a copy in parts",
                s3.getObject(request -> request.bucket(bucket).key("copy of parts"), AsyncResponseTransformer.toBytes()).join().asByteArray(), large);
            transfer(checks, name, s3, bucket, scratch.resolve(name), large);
            // The CRT asks with HEAD first, whose answer has no code and no message.
            boolean asksFirst = name.equals("crt");
            checks.refused(name + ": a missing key", () -> s3.getObject(request -> request.bucket(bucket).key("missing"), AsyncResponseTransformer.toBytes()).join(),
                asksFirst ? null : "NoSuchKey", asksFirst ? null : "The specified key does not exist.", 404);
            checks.refused(name + ": a missing bucket", () -> s3.listObjectsV2(request -> request.bucket("not-there-at-all")).join(),
                "NoSuchBucket", "The specified bucket does not exist", 404);
            List<String> keys = new ArrayList<>();
            s3.listObjectsV2Paginator(request -> request.bucket(bucket).maxKeys(3)).contents().subscribe((Consumer<S3Object>) found -> keys.add(found.key())).join();
            checks.equal(name + ": the list", keys,
                List.of("copy of " + KEY, "copy of parts", "folder/large", "folder/small", KEY, "moved", "parts", "unknown"));
            s3.deleteObject(request -> request.bucket(bucket).key(KEY)).join();
            var rest = keys.stream().filter(key -> !key.equals(KEY)).map(key -> ObjectIdentifier.builder().key(key).build()).toList();
            checks.equal(name + ": DeleteObjects", s3.deleteObjects(request -> request.bucket(bucket).delete(these -> these.objects(rest))).join().deleted().size(), rest.size());
            s3.deleteBucket(request -> request.bucket(bucket)).join();
        }
    }

    /** A folder goes up and comes down again, and an object is copied. */
    private static void transfer(Checks checks, String name, S3AsyncClient s3, String bucket, Path scratch, byte[] large) throws Exception {
        Path up = Files.createDirectories(scratch.resolve("up"));
        Path down = scratch.resolve("down");
        Files.write(up.resolve("small"), SMALL);
        Files.write(up.resolve("large"), large);
        try (S3TransferManager manager = S3TransferManager.builder().s3Client(s3).build()) {
            checks.equal(name + ": uploadDirectory", manager.uploadDirectory(request -> request.source(up).bucket(bucket).s3Prefix("folder"))
                .completionFuture().join().failedTransfers(), List.of());
            checks.equal(name + ": downloadDirectory", manager.downloadDirectory(request -> request.destination(down).bucket(bucket)
                .listObjectsV2RequestTransformer(list -> list.prefix("folder/"))).completionFuture().join().failedTransfers(), List.of());
            Map<String, Integer> found = new TreeMap<>();
            try (var files = Files.walk(down)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    byte[] want = file.endsWith("small") ? SMALL : large;
                    checks.equal(name + ": downloaded " + file.getFileName(), Files.readAllBytes(file), want);
                    found.put(file.getFileName().toString(), want.length);
                }
            }
            checks.equal(name + ": downloaded", found, Map.of("large", LARGE, "small", SMALL.length));
            manager.copy(request -> request.copyObjectRequest(copy -> copy.sourceBucket(bucket).sourceKey("folder/large").destinationBucket(bucket).destinationKey("moved")))
                .completionFuture().join();
            manager.downloadFile(request -> request.getObjectRequest(get -> get.bucket(bucket).key("moved")).destination(down.resolve("moved"))).completionFuture().join();
            checks.equal(name + ": downloadFile", Files.readAllBytes(down.resolve("moved")), large);
        }
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    static String etag(byte[] bytes) {
        try {
            return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)) + '"';
        } catch (java.security.NoSuchAlgorithmException error) {
            throw new IllegalStateException(error);
        }
    }
}
