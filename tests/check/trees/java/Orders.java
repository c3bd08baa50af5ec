package shop;

import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.*;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Nothing here is compiled: {@code s3.deleteBucket(b -> b.bucket("x"))} is only a comment. */
class Orders {
    private final S3Client s3 = S3Client.create();
    private final DynamoDbClient dynamo = DynamoDbClient.create();

    void save(String id, GetItemRequest hidden) {
        var request = PutItemRequest.builder()
            .tableName("orders")
            .item(Map.of("id", AttributeValue.builder().s(id).build()))
            .conditionExpression("attribute_not_exists(id)")
            .build();
        dynamo.putItem(request);
        dynamo.getItem(hidden);
        s3.putObject(b -> b.bucket("invoices").key(id).acl(ObjectCannedACL.PUBLIC_READ), RequestBody.fromString("""
            { "text": "s3.putBucketAcl(b -> b)" }
            """));
        s3.putBucketVersioning(PutBucketVersioningRequest.builder()
            .bucket("invoices")
            .versioningConfiguration(v -> v.status("Enabled").mfaDelete("Enabled"))
            .build());
        for (var page : s3.listObjectsV2Paginator(b -> b.bucket("invoices").prefix("2026/"))) {
            page.contents();
        }
        dynamo.queryPaginator(QueryRequest.builder().tableName("orders").indexName("i").build());
        s3.waiter().waitUntilObjectExists(b -> b.bucket("invoices").key(id));
        dynamo.executeStatement(b -> b.statement("SELECT * FROM orders"));
    }
}
