package photos

import (
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestAPhotoIsKept(t *testing.T) {
	fresh(t)
	photos, err := Open(t.Context())
	must(err)
	must(photos.Make(t.Context()))
	must(photos.Save(t.Context(), "cat.jpg", []byte("meow")))
	kept, err := photos.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("photos"), Key: aws.String("cat.jpg")})
	must(err)
	if body, err := io.ReadAll(kept.Body); err != nil || string(body) != "meow" {
		t.Errorf("%q, %v", body, err)
	}
	if count, err := photos.Count(t.Context()); err != nil || count != 1 {
		t.Errorf("%d, %v", count, err)
	}
}

func TestEachTestBeginsWithNothing(t *testing.T) {
	fresh(t)
	photos, err := Open(t.Context())
	must(err)
	buckets, err := photos.S3.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	must(err)
	if len(buckets.Buckets) != 0 {
		t.Error(buckets.Buckets)
	}
	must(photos.Make(t.Context()))
	if count, err := photos.Count(t.Context()); err != nil || count != 0 {
		t.Errorf("%d, %v", count, err)
	}
}
