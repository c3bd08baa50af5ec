package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// send uses a signed URL as any program would that is given the URL and the headers that were signed.
func send(signed *v4.PresignedHTTPRequest, body []byte, more ...string) (int, []byte) {
	request := must(http.NewRequest(signed.Method, signed.URL, bytes.NewReader(body)))
	for name, values := range signed.SignedHeader {
		if !strings.EqualFold(name, "Host") && !strings.EqualFold(name, "Content-Length") {
			request.Header[name] = values
		}
	}
	for at := 0; at < len(more); at += 2 {
		request.Header.Set(more[at], more[at+1])
	}
	answer := must(http.DefaultTransport.RoundTrip(request))
	defer answer.Body.Close()
	return answer.StatusCode, must(io.ReadAll(answer.Body))
}

func refusal(body []byte) string {
	var said struct{ Code string }
	_ = xml.Unmarshal(body, &said)
	return said.Code
}

func presigned() {
	for name, client := range map[string]*s3.Client{"by-default": storage(), "when-required": storage(whenRequired)} {
		bucket := bucketOf(client, "go-signed-"+name)
		signer := s3.NewPresignClient(client)
		key := aws.String("a b+c/ü")
		body := made(3000)
		put := must(signer.PresignPutObject(background, &s3.PutObjectInput{Bucket: bucket, Key: key}))
		status, _ := send(put, body)
		equal(name+": PUT", status, 200)
		get := must(signer.PresignGetObject(background, &s3.GetObjectInput{Bucket: bucket, Key: key}))
		status, got := send(get, nil)
		equal(name+": GET", status, 200)
		equal(name+": bytes", got, body)
		status, got = send(get, nil, "Range", "bytes=10-19")
		equal(name+": a range", status, 206)
		equal(name+": its bytes", got, body[10:20])
		typed := must(signer.PresignPutObject(background, &s3.PutObjectInput{
			Bucket: bucket, Key: aws.String("typed"), ContentType: aws.String("text/plain"), ContentLength: aws.Int64(5), Metadata: map[string]string{"who": "me"},
		}))
		status, _ = send(typed, []byte("typed"))
		equal(name+": PUT with headers", status, 200)
		head := must(client.HeadObject(background, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("typed")}))
		equal(name+": what it stored", []any{*head.ContentType, *head.ContentLength}, []any{"text/plain", int64(5)})

		// A checksum in the query is part of the signature and of nothing else, unless its header is signed.
		sum := sha256.Sum256([]byte("other"))
		checked := must(signer.PresignPutObject(background, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("sum"), ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:]))}))
		_, inHeader := checked.SignedHeader["X-Amz-Checksum-Sha256"]
		status, got = send(checked, []byte("these"))
		if inHeader {
			equal(name+": PUT of other bytes than a signed header says", []any{status, refusal(got)}, []any{400, "BadDigest"})
		} else {
			equal(name+": PUT of other bytes than the query says", status, 200)
		}

		upload := must(client.CreateMultipartUpload(background, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: aws.String("parts")}))
		part := must(signer.PresignUploadPart(background, &s3.UploadPartInput{Bucket: bucket, Key: upload.Key, UploadId: upload.UploadId, PartNumber: aws.Int32(1)}))
		status, _ = send(part, body)
		equal(name+": UploadPart", status, 200)
		must(client.CompleteMultipartUpload(background, &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: upload.Key, UploadId: upload.UploadId,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: aws.String(etag(body))}}}}))
		equal(name+": the object of parts", read(client, &s3.GetObjectInput{Bucket: bucket, Key: upload.Key}), body)

		form := must(signer.PresignPostObject(background, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("form")}))
		equal(name+": a form", submit(form, body), 204)
		equal(name+": what the form stored", read(client, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("form")}), body)

		looking := must(signer.PresignHeadObject(background, &s3.HeadObjectInput{Bucket: bucket, Key: key}))
		status, _ = send(looking, nil)
		equal(name+": HEAD", status, 200)
		get.Method = http.MethodPut
		status, got = send(get, body)
		equal(name+": PUT by the URL of a GET", []any{status, refusal(got)}, []any{403, "SignatureDoesNotMatch"})
		remove := must(signer.PresignDeleteObject(background, &s3.DeleteObjectInput{Bucket: bucket, Key: key}))
		status, _ = send(remove, nil)
		equal(name+": DELETE", status, 204)
		status, got = send(&v4.PresignedHTTPRequest{Method: http.MethodGet, URL: get.URL}, nil)
		equal(name+": it is gone", []any{status, refusal(got)}, []any{404, "NoSuchKey"})
		emptied(client, bucket)
	}
}

func submit(form *s3.PresignedPostRequest, body []byte) int {
	var sent bytes.Buffer
	const boundary = "----footbridge"
	for name, value := range form.Values {
		sent.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
	}
	sent.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n")
	sent.Write(body)
	sent.WriteString("\r\n--" + boundary + "--\r\n")
	answer := must(http.Post(form.URL, "multipart/form-data; boundary="+boundary, &sent))
	defer answer.Body.Close()
	return answer.StatusCode
}
