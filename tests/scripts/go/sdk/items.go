package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type values = map[string]types.AttributeValue

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
func number(value any) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(value)}
}

func items() {
	client := dynamodb.NewFromConfig(configuration())
	table := aws.String("go-items")
	must(client.CreateTable(background, &dynamodb.CreateTableInput{
		TableName: table, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}, {AttributeName: aws.String("sk"), AttributeType: types.ScalarAttributeTypeN},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}, {AttributeName: aws.String("sk"), KeyType: types.KeyTypeRange},
		},
	}))
	must(0, dynamodb.NewTableExistsWaiter(client).Wait(background, &dynamodb.DescribeTableInput{TableName: table}, time.Minute))
	whole := values{
		"pk": text("a"), "sk": number(0), "flag": &types.AttributeValueMemberBOOL{Value: true}, "none": &types.AttributeValueMemberNULL{Value: true},
		"bytes": &types.AttributeValueMemberB{Value: []byte{0, 1, 255}}, "names": &types.AttributeValueMemberSS{Value: []string{"x"}},
		"list": &types.AttributeValueMemberL{Value: []types.AttributeValue{number("1.5"), &types.AttributeValueMemberM{Value: values{"deep": text("")}}}},
	}
	must(client.PutItem(background, &dynamodb.PutItemInput{TableName: table, Item: whole}))
	got := must(client.GetItem(background, &dynamodb.GetItemInput{TableName: table, Key: values{"pk": text("a"), "sk": number(0)}, ConsistentRead: aws.Bool(true)}))
	equal("an item of every type", got.Item, whole)

	var writes []types.WriteRequest
	for at := range 25 {
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: values{"pk": text("many"), "sk": number(at)}}})
	}
	batch := must(client.BatchWriteItem(background, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*table: writes}}))
	equal("a batch", len(batch.UnprocessedItems), 0)
	var found []values
	pages := dynamodb.NewQueryPaginator(client, &dynamodb.QueryInput{
		TableName: table, Limit: aws.Int32(7), KeyConditionExpression: aws.String("pk = :p AND sk BETWEEN :a AND :b"),
		ExpressionAttributeValues: values{":p": text("many"), ":a": number(3), ":b": number(20)},
	})
	for pages.HasMorePages() {
		found = append(found, must(pages.NextPage(background)).Items...)
	}
	equal("a query in pages", []any{len(found), found[0]["sk"], found[17]["sk"]}, []any{18, number(3), number(20)})

	key := values{"pk": text("a"), "sk": number(0)}
	updated := must(client.UpdateItem(background, &dynamodb.UpdateItemInput{
		TableName: table, Key: key, UpdateExpression: aws.String("SET #n = if_not_exists(#n, :z) + :one"), ExpressionAttributeNames: map[string]string{"#n": "count"},
		ExpressionAttributeValues: values{":z": number(0), ":one": number(1)}, ReturnValues: types.ReturnValueUpdatedNew,
	}))
	equal("an update", updated.Attributes, values{"count": number(1)})
	_, err := client.DeleteItem(background, &dynamodb.DeleteItemInput{
		TableName: table, Key: key, ConditionExpression: aws.String("attribute_not_exists(pk)"), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failedCondition *types.ConditionalCheckFailedException
	equal("a condition that fails", errors.As(err, &failedCondition) && failedCondition.Item["count"] != nil, true)
	refused("its words", err, "ConditionalCheckFailedException", "The conditional request failed", 400)
	_, err = client.TransactWriteItems(background, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: table, Item: values{"pk": text("t"), "sk": number(1)}}},
		{ConditionCheck: &types.ConditionCheck{TableName: table, Key: values{"pk": text("none"), "sk": number(1)}, ConditionExpression: aws.String("attribute_exists(pk)")}},
	}})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		equal("a cancelled transaction", []string{*cancelled.CancellationReasons[0].Code, *cancelled.CancellationReasons[1].Code}, []string{"None", "ConditionalCheckFailed"})
	} else {
		equal("a cancelled transaction", err, "TransactionCanceledException")
	}
	must(client.DeleteTable(background, &dynamodb.DeleteTableInput{TableName: table}))
	must(0, dynamodb.NewTableNotExistsWaiter(client).Wait(background, &dynamodb.DescribeTableInput{TableName: table}, time.Minute))
	_, err = client.DescribeTable(background, &dynamodb.DescribeTableInput{TableName: table})
	refused("the table is gone", err, "ResourceNotFoundException", "Requested resource not found: Table: go-items not found", 400)
}
