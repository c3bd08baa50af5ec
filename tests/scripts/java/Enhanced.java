import java.net.URI;
import java.util.List;
import java.util.stream.LongStream;

import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.WriteBatch;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** DynamoDB with the SDK v2 and its enhanced client. */
final class Enhanced {
    static void round(Checks checks, URI endpoint) {
        try (DynamoDbClient client = DynamoDbClient.builder().endpointOverride(endpoint).region(S3Rounds.REGION).credentialsProvider(S3Rounds.CREDENTIALS)
                .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry())).build()) {
            DynamoDbEnhancedClient enhanced = DynamoDbEnhancedClient.builder().dynamoDbClient(client).build();
            DynamoDbTable<Order> table = enhanced.table("enhanced", TableSchema.fromBean(Order.class));
            table.createTable();
            client.waiter().waitUntilTableExists(request -> request.tableName("enhanced"));
            List<Order> orders = LongStream.rangeClosed(1, 20).mapToObj(number -> Order.of("Åsa", number, number % 2 == 0 ? "paid" : "open", number * 10)).toList();
            var batch = WriteBatch.builder(Order.class).mappedTableResource(table);
            orders.forEach(batch::addPutItem);
            checks.equal("enhanced: batchWriteItem", enhanced.batchWriteItem(request -> request.writeBatches(batch.build())).unprocessedPutItemsForTable(table), List.of());
            checks.equal("enhanced: getItem", table.getItem(key("Åsa", 7)), orders.get(6));
            Expression paid = Expression.builder().expression("#s = :s").putExpressionName("#s", "state").putExpressionValue(":s", AttributeValue.fromS("paid")).build();
            checks.equal("enhanced: query", numbers(table.query(request -> request.queryConditional(QueryConditional.sortGreaterThan(key("Åsa", 10)))
                .filterExpression(paid).limit(3)).items()), List.of(12L, 14L, 16L, 18L, 20L));
            checks.equal("enhanced: query of an index", table.index("by_state").query(request -> request.scanIndexForward(false)
                .queryConditional(QueryConditional.keyEqualTo(Key.builder().partitionValue("open").build()))).stream().flatMap(page -> page.items().stream())
                .map(Order::getNumber).limit(3).toList(), List.of(19L, 17L, 15L));
            checks.equal("enhanced: scan", table.scan(request -> request.filterExpression(paid)).items().stream().count(), 10L);
            Order changed = Order.of("Åsa", 1, "paid", 5);
            checks.equal("enhanced: updateItem", table.updateItem(changed), changed);
            enhanced.transactWriteItems(request -> request.addPutItem(table, Order.of("Bo", 1, "open", 1)).addDeleteItem(table, key("Åsa", 2)));
            checks.equal("enhanced: a transaction", java.util.Arrays.asList(table.getItem(key("Bo", 1)), table.getItem(key("Åsa", 2))),
                java.util.Arrays.asList(Order.of("Bo", 1, "open", 1), null));
            checks.refused("enhanced: a condition", () -> {
                table.putItem(request -> request.item(changed).conditionExpression(Expression.builder().expression("attribute_not_exists(customer)").build()));
                return "put";
            }, "ConditionalCheckFailedException", "The conditional request failed", 400);
            checks.equal("enhanced: deleteItem", table.deleteItem(key("Bo", 1)), Order.of("Bo", 1, "open", 1));
            table.deleteTable();
        }
    }


    private static Key key(String customer, long number) {
        return Key.builder().partitionValue(customer).sortValue(number).build();
    }

    private static List<Long> numbers(SdkIterable<Order> found) {
        return found.stream().map(Order::getNumber).toList();
    }
}
