// Package main is never built.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type store struct {
	dynamo *ddb.Client
	s3     *s3.Client
	db     *sql.DB
}

// PutItem here is only a name.
type api interface {
	PutItem(ctx context.Context, params *ddb.PutItemInput, options ...func(*ddb.Options)) (*ddb.PutItemOutput, error)
}

func (s *store) save(ctx context.Context, id string) error {
	input := &ddb.PutItemInput{
		TableName: aws.String("orders"),
		Item:      map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
	}
	input.ConditionExpression = aws.String("attribute_not_exists(id)")
	if _, err := s.dynamo.PutItem(ctx, input); err != nil {
		return err
	}
	rows, _ := s.db.Query("SELECT 1")
	rows.Scan(&id)
	_, err := s.s3.PutObject(ctx, &s3.PutObjectInput{
		Bucket:               aws.String(`invoices`),
		Key:                  &id,
		ServerSideEncryption: s3types.ServerSideEncryptionAwsKms,
	})
	return err
}

func (s *store) all(ctx context.Context, hidden *ddb.UpdateItemInput) {
	pages := s3.NewListObjectsV2Paginator(s.s3, &s3.ListObjectsV2Input{Bucket: aws.String("invoices"), MaxKeys: aws.Int32(10)})
	for pages.HasMorePages() {
		pages.NextPage(ctx)
	}
	s.dynamo.UpdateItem(ctx, hidden)
	s3.NewPresignClient(s.s3).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
	ddb.NewTableExistsWaiter(s.dynamo).Wait(ctx, &ddb.DescribeTableInput{TableName: aws.String("orders")}, 0)
	manager.NewUploader(s.s3).Upload(ctx, &s3.PutObjectInput{Bucket: aws.String("b"), Key: aws.String("k"), ACL: s3types.ObjectCannedACLPublicRead})
	s.dynamo.UpdateContinuousBackups(ctx, &ddb.UpdateContinuousBackupsInput{
		TableName: aws.String("orders"),
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: aws.Bool(true),
		},
	})
	_ = sqs.Options{}
}
