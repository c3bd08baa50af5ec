// Package photos is what is tested: it knows nothing of tests.
package photos

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Photos keeps pictures in a bucket, and their names in a table.
type Photos struct {
	S3    *s3.Client
	Table *dynamodb.Client
}

// Open makes the clients as the environment says.
func Open(ctx context.Context) (*Photos, error) {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return &Photos{S3: s3.NewFromConfig(settings), Table: dynamodb.NewFromConfig(settings)}, nil
}

// Make makes the bucket and the table.
func (photos *Photos) Make(ctx context.Context) error {
	if _, err := photos.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("photos")}); err != nil {
		return err
	}
	_, err := photos.Table.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:            aws.String("photos"),
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("name"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("name"), AttributeType: "S"}},
	})
	return err
}

// Save keeps a picture.
func (photos *Photos) Save(ctx context.Context, name string, picture []byte) error {
	put := &s3.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String(name), Body: bytes.NewReader(picture)}
	if _, err := photos.S3.PutObject(ctx, put); err != nil {
		return err
	}
	_, err := photos.Table.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String("photos"),
		Item:      map[string]types.AttributeValue{"name": &types.AttributeValueMemberS{Value: name}},
	})
	return err
}

// Count says how many pictures there are.
func (photos *Photos) Count(ctx context.Context) (int32, error) {
	scan, err := photos.Table.Scan(ctx, &dynamodb.ScanInput{TableName: aws.String("photos"), Select: types.SelectCount})
	if err != nil {
		return 0, err
	}
	return scan.Count, nil
}
