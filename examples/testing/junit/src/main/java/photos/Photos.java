package photos;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;

import java.util.List;
import java.util.Map;

/** What is tested: it knows nothing of tests. */
public final class Photos {
    final S3Client s3 = S3Client.create();
    final DynamoDbClient table = DynamoDbClient.create();

    void make() {
        s3.createBucket(bucket -> bucket.bucket("photos"));
        table.createTable(make -> make.tableName("photos").billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key -> key.attributeName("name").keyType(KeyType.HASH))
                .attributeDefinitions(name -> name.attributeName("name").attributeType(ScalarAttributeType.S)));
    }

    void save(String name, String picture) {
        s3.putObject(put -> put.bucket("photos").key(name), RequestBody.fromString(picture));
        table.putItem(put -> put.tableName("photos").item(Map.of("name", AttributeValue.fromS(name))));
    }

    List<String> names() {
        return table.scan(scan -> scan.tableName("photos")).items().stream().map(item -> item.get("name").s()).toList();
    }
}
