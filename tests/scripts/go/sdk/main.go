// The AWS SDK for Go, version 2: its S3 client with both transfer managers and the presigner, and its DynamoDB client.
// Started by go_sdk.py.
//
//	sdk ENDPOINT objects|managers|presigned|items
package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const mib = 1 << 20

var (
	endpoint     string
	background   = context.Background()
	held, failed int
	sections     = map[string]func(){"objects": objects, "managers": managers, "presigned": presigned, "items": items}
)

func main() {
	section := sections[os.Args[2]]
	endpoint = os.Args[1]
	section()
	fmt.Printf("%d checks held, %d failed\n", held, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func equal(what string, got, want any) {
	one, ok := got.([]byte)
	two, both := want.([]byte)
	if ok && both && bytes.Equal(one, two) || !both && reflect.DeepEqual(got, want) {
		held++
		return
	}
	failed++
	if both {
		got, want = shown(one), shown(two)
	}
	fmt.Printf("FAILED: %s\n  got  %#v\n  want %#v\n", what, got, want)
}

func shown(body []byte) string {
	if len(body) <= 400 {
		return string(body)
	}
	return fmt.Sprintf("%d bytes, MD5 %s", len(body), etag(body))
}

// must ends the section with what went wrong.
func must[T any](value T, err error) T {
	if err != nil {
		fmt.Printf("FAILED: ended early: %v\n", err)
		panic(err)
	}
	return value
}

// refused checks AWS's code, message and status.
func refused(what string, err error, code, message string, status int) {
	var said smithy.APIError
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &said) || !errors.As(err, &answer) {
		equal(what, err, code)
		return
	}
	equal(what, []any{said.ErrorCode(), said.ErrorMessage(), answer.HTTPStatusCode()}, []any{code, message, status})
}

func etag(body []byte) string {
	sum := md5.Sum(body)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// made gives bytes in which no two stretches are alike.
func made(size int) []byte {
	body := make([]byte, size)
	state := uint32(size + 1)
	for at := range body {
		state = state*1664525 + 1013904223
		body[at] = byte(state >> 24)
	}
	return body
}

func configuration() aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func storage(options ...func(*s3.Options)) *s3.Client {
	return s3.NewFromConfig(configuration(), append([]func(*s3.Options){func(o *s3.Options) { o.UsePathStyle = true }}, options...)...)
}

func whenRequired(o *s3.Options) {
	o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
}
