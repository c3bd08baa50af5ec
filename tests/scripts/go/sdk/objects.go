package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func bucketOf(client *s3.Client, name string) *string {
	must(client.CreateBucket(background, &s3.CreateBucketInput{Bucket: &name}))
	return &name
}

func read(client *s3.Client, input *s3.GetObjectInput) []byte {
	got := must(client.GetObject(background, input))
	defer got.Body.Close()
	return must(io.ReadAll(got.Body))
}

func objects() {
	client := storage()
	bucket := bucketOf(client, "go-objects")
	body := made(70_000)
	for _, key := range []string{"a/one", "a/two", "b/ü + %", "c"} {
		put := must(client.PutObject(background, &s3.PutObjectInput{
			Bucket: bucket, Key: &key, Body: bytes.NewReader(body), ContentType: aws.String("text/x-made"), Metadata: map[string]string{"who": "me"},
		}))
		equal(key+": ETag", *put.ETag, etag(body))
		got := must(client.GetObject(background, &s3.GetObjectInput{Bucket: bucket, Key: &key}))
		equal(key+": bytes", must(io.ReadAll(got.Body)), body)
		equal(key+": headers", []any{*got.ContentType, got.Metadata}, []any{"text/x-made", map[string]string{"who": "me"}})
	}
	empty := must(client.PutObject(background, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("empty"), Body: bytes.NewReader(nil)}))
	equal("an empty object", *empty.ETag, etag(nil))
	for _, algorithm := range []types.ChecksumAlgorithm{types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmCrc64nvme, types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256} {
		key := "sum/" + string(algorithm)
		must(client.PutObject(background, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: bytes.NewReader(body), ChecksumAlgorithm: algorithm}))
		got := read(client, &s3.GetObjectInput{Bucket: bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
		equal(key, got, body)
	}

	ranged := func(key, wanted string) []byte {
		return read(client, &s3.GetObjectInput{Bucket: bucket, Key: &key, Range: &wanted})
	}
	equal("a range", ranged("c", "bytes=1000-1999"), body[1000:2000])
	equal("the last bytes", ranged("c", "bytes=-9"), body[len(body)-9:])
	_, err := client.GetObject(background, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("c"), Range: aws.String("bytes=70000-")})
	refused("a range behind the end", err, "InvalidRange", "The requested range is not satisfiable", 416)

	var keys, folders []string
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: bucket, MaxKeys: aws.Int32(2), Delimiter: aws.String("/")})
	for pages.HasMorePages() {
		page := must(pages.NextPage(background))
		for _, object := range page.Contents {
			keys = append(keys, *object.Key)
		}
		for _, folder := range page.CommonPrefixes {
			folders = append(folders, *folder.Prefix)
		}
	}
	equal("a listing", []any{keys, folders}, []any{[]string{"c", "empty"}, []string{"a/", "b/", "sum/"}})

	copied := must(client.CopyObject(background, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String("go-objects/b/%C3%BC%20%2B%20%25")}))
	equal("CopyObject", *copied.CopyObjectResult.ETag, etag(body))
	equal("the copy", read(client, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("copy")}), body)

	_, err = client.GetObject(background, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("none")})
	refused("a missing key", err, "NoSuchKey", "The specified key does not exist.", 404)
	_, err = client.ListObjectsV2(background, &s3.ListObjectsV2Input{Bucket: aws.String("not-there-at-all")})
	refused("a missing bucket", err, "NoSuchBucket", "The specified bucket does not exist", 404)
	_, err = client.DeleteBucket(background, &s3.DeleteBucketInput{Bucket: bucket})
	refused("a bucket that is not empty", err, "BucketNotEmpty", "The bucket you tried to delete is not empty", 409)
	_, err = client.PutObject(background, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("c"), Body: strings.NewReader("x"), IfNoneMatch: aws.String("*")})
	refused("a key that is there", err, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
	emptied(client, bucket)
}

// emptied deletes all objects, as one does with this SDK, and then the bucket.
func emptied(client *s3.Client, bucket *string) {
	var found []types.ObjectIdentifier
	for pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: bucket}); pages.HasMorePages(); {
		for _, object := range must(pages.NextPage(background)).Contents {
			found = append(found, types.ObjectIdentifier{Key: object.Key})
		}
	}
	gone := must(client.DeleteObjects(background, &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: found}}))
	equal(*bucket+": DeleteObjects", []int{len(gone.Deleted), len(gone.Errors)}, []int{len(found), 0})
	must(client.DeleteBucket(background, &s3.DeleteBucketInput{Bucket: bucket}))
	_, err := client.HeadBucket(background, &s3.HeadBucketInput{Bucket: bucket})
	refused(*bucket+": it is gone", err, "NotFound", "", 404)
}
