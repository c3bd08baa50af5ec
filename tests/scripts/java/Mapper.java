import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBClientBuilder;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBMapper;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBQueryExpression;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBScanExpression;
import com.amazonaws.services.dynamodbv2.datamodeling.TransactionLoadRequest;
import com.amazonaws.services.dynamodbv2.datamodeling.TransactionWriteRequest;
import com.amazonaws.services.dynamodbv2.model.AttributeValue;
import com.amazonaws.services.dynamodbv2.model.ComparisonOperator;
import com.amazonaws.services.dynamodbv2.model.Condition;
import com.amazonaws.services.dynamodbv2.model.Projection;
import com.amazonaws.services.dynamodbv2.model.ProjectionType;
import com.amazonaws.services.dynamodbv2.model.ProvisionedThroughput;

/** DynamoDBMapper of the SDK v1. It finds by the old KeyConditions, and filters and projects by expressions beside them. */
final class Mapper {
    static AmazonDynamoDB client(URI endpoint) {
        return AmazonDynamoDBClientBuilder.standard().withEndpointConfiguration(new EndpointConfiguration(endpoint.toString(), "us-east-1"))
            .withCredentials(S3Version1.CREDENTIALS).withClientConfiguration(S3Version1.ONCE).build();
    }

    static void round(Checks checks, URI endpoint) throws Exception {
        AmazonDynamoDB client = client(endpoint);
        DynamoDBMapper mapper = new DynamoDBMapper(client);
        var table = mapper.generateCreateTableRequest(Order.class).withProvisionedThroughput(new ProvisionedThroughput(5L, 5L));
        table.getGlobalSecondaryIndexes().forEach(index -> index.withProvisionedThroughput(new ProvisionedThroughput(5L, 5L))
            .withProjection(new Projection().withProjectionType(ProjectionType.ALL)));
        client.createTable(table);
        client.waiters().tableExists().run(new com.amazonaws.waiters.WaiterParameters<>(new com.amazonaws.services.dynamodbv2.model.DescribeTableRequest("orders")));

        List<Order> orders = new ArrayList<>();
        for (long number = 1; number <= 40; number++) {
            orders.add(Order.of("Åsa", number, number % 2 == 0 ? "paid" : "open", number * 10));
        }
        checks.equal("mapper: batchSave", mapper.batchSave(orders).stream().map(batch -> batch.getException().toString()).toList(), List.of());
        checks.equal("mapper: load", mapper.load(Order.class, "Åsa", 7L), orders.get(6));

        // KeyConditions with FilterExpression, with ProjectionExpression, and with both.
        var after = new Condition().withComparisonOperator(ComparisonOperator.GT).withAttributeValueList(new AttributeValue().withN("20"));
        checks.equal("mapper: query", mapper.query(Order.class, found().withRangeKeyCondition("number", after)).stream().toList(), orders.subList(20, 40));
        checks.equal("mapper: query with a filter", mapper.query(Order.class, found().withRangeKeyCondition("number", after)
            .withFilterExpression("#s = :s").withExpressionAttributeNames(Map.of("#s", "state"))
            .withExpressionAttributeValues(Map.of(":s", new AttributeValue("paid")))).stream().map(Order::getNumber).toList(),
            List.of(22L, 24L, 26L, 28L, 30L, 32L, 34L, 36L, 38L, 40L));
        Order few = mapper.query(Order.class, found().withRangeKeyCondition("number", after).withProjectionExpression("#t, goods[0]")
            .withExpressionAttributeNames(Map.of("#t", "total")).withLimit(5)).get(0);
        checks.equal("mapper: query with a projection", few.toString(), "null null null 210 [tea] null");
        var page = mapper.queryPage(Order.class, found().withFilterExpression("contains(tags, :t)").withProjectionExpression("#t")
            .withExpressionAttributeNames(Map.of("#t", "total")).withExpressionAttributeValues(Map.of(":t", new AttributeValue("ü"))).withLimit(4));
        checks.equal("mapper: a page", List.of(page.getCount(), page.getScannedCount(), page.getResults().get(3).getTotal(), page.getLastEvaluatedKey().get("number").getN()),
            List.of(4, 4, 40L, "4"));
        checks.equal("mapper: count with a filter", mapper.count(Order.class, found().withFilterExpression("#t between :a and :b")
            .withExpressionAttributeNames(Map.of("#t", "total")).withExpressionAttributeValues(Map.of(":a", new AttributeValue().withN("100"), ":b", new AttributeValue().withN("200")))), 11);
        Order paid = new Order();
        paid.setState("paid");
        checks.equal("mapper: query of an index", mapper.query(Order.class, new DynamoDBQueryExpression<Order>().withHashKeyValues(paid).withIndexName("by_state")
            .withConsistentRead(false).withScanIndexForward(false).withFilterExpression("size(goods) = :n")
            .withExpressionAttributeValues(Map.of(":n", new AttributeValue().withN("3")))).stream().map(Order::getNumber).limit(3).toList(), List.of(40L, 38L, 36L));
        checks.equal("mapper: scan", mapper.scan(Order.class, new DynamoDBScanExpression().withFilterExpression("#n <= :n")
            .withExpressionAttributeNames(Map.of("#n", "number")).withExpressionAttributeValues(Map.of(":n", new AttributeValue().withN("5")))).size(), 5);
        checks.equal("mapper: parallelScan", mapper.parallelScan(Order.class, new DynamoDBScanExpression(), 3).size(), 40);

        // A version that is not the one that is stored.
        Order first = mapper.load(Order.class, "Åsa", 1L);
        Order again = mapper.load(Order.class, "Åsa", 1L);
        first.setTotal(11L);
        mapper.save(first);
        checks.refused("mapper: a stale version", () -> {
            mapper.save(again);
            return "saved";
        }, "ConditionalCheckFailedException", "The conditional request failed", 400);
        mapper.transactionWrite(new TransactionWriteRequest().addPut(Order.of("Bo", 1, "open", 1)).addDelete(mapper.load(Order.class, "Åsa", 2L)));
        checks.equal("mapper: transactionLoad", mapper.transactionLoad(new TransactionLoadRequest().addLoad(Order.of("Bo", 1, "", 0)).addLoad(Order.of("Åsa", 2, "", 0))),
            java.util.Arrays.asList(Order.of("Bo", 1, "open", 1), null));
        checks.equal("mapper: batchLoad", mapper.batchLoad(List.of(Order.of("Bo", 1, "", 0), Order.of("Åsa", 9, "", 0))).get("orders").size(), 2);
        mapper.delete(first);
        checks.equal("mapper: deleted", mapper.load(Order.class, "Åsa", 1L), null);
        client.deleteTable("orders");
        client.shutdown();
    }

    private static DynamoDBQueryExpression<Order> found() {
        Order key = new Order();
        key.setCustomer("Åsa");
        return new DynamoDBQueryExpression<Order>().withHashKeyValues(key);
    }
}
