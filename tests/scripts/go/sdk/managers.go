package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	transfer "github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// stream hides that a body can be read twice, as one from a pipe cannot.
type stream struct{ io.Reader }

func managers() {
	large := made(6*mib + 3)
	for name, client := range map[string]*s3.Client{"by-default": storage(), "when-required": storage(whenRequired)} {
		bucket := bucketOf(client, "go-"+name)
		older(name, client, bucket, large)
		newer(name, client, bucket, large)
		emptied(client, bucket)
	}
}

func older(name string, client *s3.Client, bucket *string, large []byte) {
	uploader := manager.NewUploader(client)
	for what, body := range map[string]io.Reader{"file": bytes.NewReader(large), "stream": stream{bytes.NewReader(large)}} {
		key := "manager/" + what
		up := must(uploader.Upload(background, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: body}))
		equal(name+": "+key+": in parts", strings.HasSuffix(aws.ToString(up.ETag), `-2"`), true)
		into := manager.NewWriteAtBuffer(nil)
		size := must(manager.NewDownloader(client).Download(background, into, &s3.GetObjectInput{Bucket: bucket, Key: &key}))
		equal(name+": "+key+": size", size, int64(len(large)))
		equal(name+": "+key, into.Bytes(), large)
	}
	// It asks without a signature, and reads the region from the refusal.
	region, err := manager.GetBucketRegion(background, client, *bucket)
	equal(name+": GetBucketRegion", region+fmt.Sprint(" ", err), "us-east-1 <nil>")
}

func newer(name string, client *s3.Client, bucket *string, large []byte) {
	moving := transfermanager.New(client, func(o *transfermanager.Options) {
		o.MultipartUploadThreshold = 5 * mib
		o.PartSizeBytes = 5 * mib
		if name == "when-required" {
			o.GetObjectType = transfer.GetObjectRanges
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		}
	})
	for what, body := range map[string]io.Reader{"large": bytes.NewReader(large), "stream": stream{bytes.NewReader(large)}, "small": bytes.NewReader(large[:1000]), "empty": bytes.NewReader(nil)} {
		key := "transfer/" + what
		want := large
		switch what {
		case "small":
			want = large[:1000]
		case "empty":
			want = nil
		}
		up := must(moving.UploadObject(background, &transfermanager.UploadObjectInput{Bucket: bucket, Key: &key, Body: body}))
		equal(name+": "+key+": in parts", strings.HasSuffix(aws.ToString(up.ETag), `-2"`), len(want) > 5*mib)
		into := manager.NewWriteAtBuffer(nil)
		must(moving.DownloadObject(background, &transfermanager.DownloadObjectInput{Bucket: bucket, Key: &key, WriterAt: into}))
		equal(name+": "+key, into.Bytes(), want)
		got := must(moving.GetObject(background, &transfermanager.GetObjectInput{Bucket: bucket, Key: &key}))
		equal(name+": "+key+", read", must(io.ReadAll(got.Body)), want)
	}

	from, to := must(os.MkdirTemp("", "")), must(os.MkdirTemp("", ""))
	defer os.RemoveAll(from)
	defer os.RemoveAll(to)
	for number := range 9 {
		folder := filepath.Join(from, fmt.Sprintf("folder %d", number%3))
		must(0, os.MkdirAll(folder, 0o755))
		must(0, os.WriteFile(filepath.Join(folder, fmt.Sprint(number)), large[:number*100], 0o644))
	}
	up := must(moving.UploadDirectory(background, &transfermanager.UploadDirectoryInput{Bucket: bucket, Source: &from, Recursive: aws.Bool(true), KeyPrefix: aws.String("tree")}))
	down := must(moving.DownloadDirectory(background, &transfermanager.DownloadDirectoryInput{Bucket: bucket, Destination: &to, KeyPrefix: aws.String("tree")}))
	equal(name+": a folder", []int64{up.ObjectsUploaded, down.ObjectsDownloaded}, []int64{9, 9})
	for number := range 9 {
		got := must(os.ReadFile(filepath.Join(to, fmt.Sprintf("folder %d", number%3), fmt.Sprint(number))))
		equal(fmt.Sprintf("%s: file %d", name, number), got, large[:number*100])
	}
}
