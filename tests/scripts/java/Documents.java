import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.amazonaws.services.dynamodbv2.document.DynamoDB;
import com.amazonaws.services.dynamodbv2.document.Item;
import com.amazonaws.services.dynamodbv2.document.Page;
import com.amazonaws.services.dynamodbv2.document.QueryFilter;
import com.amazonaws.services.dynamodbv2.document.RangeKeyCondition;
import com.amazonaws.services.dynamodbv2.document.Table;
import com.amazonaws.services.dynamodbv2.document.TableWriteItems;
import com.amazonaws.services.dynamodbv2.document.spec.GetItemSpec;
import com.amazonaws.services.dynamodbv2.document.spec.QuerySpec;
import com.amazonaws.services.dynamodbv2.document.spec.UpdateItemSpec;
import com.amazonaws.services.dynamodbv2.document.utils.ValueMap;
import com.amazonaws.services.dynamodbv2.model.AttributeDefinition;
import com.amazonaws.services.dynamodbv2.model.KeySchemaElement;
import com.amazonaws.services.dynamodbv2.model.KeyType;
import com.amazonaws.services.dynamodbv2.model.ProvisionedThroughput;
import com.amazonaws.services.dynamodbv2.model.ReturnValue;
import com.amazonaws.services.dynamodbv2.model.ScalarAttributeType;

/** The document API of the SDK v1: keys as KeyConditions, with expressions or the old filters beside them. */
final class Documents {
    static void round(Checks checks, URI endpoint) throws Exception {
        DynamoDB dynamodb = new DynamoDB(Mapper.client(endpoint));
        Table table = dynamodb.createTable("documents",
            List.of(new KeySchemaElement("pk", KeyType.HASH), new KeySchemaElement("sk", KeyType.RANGE)),
            List.of(new AttributeDefinition("pk", ScalarAttributeType.S), new AttributeDefinition("sk", ScalarAttributeType.N)), new ProvisionedThroughput(5L, 5L));
        table.waitForActive();
        Item whole = Item.fromJSON("{\"pk\":\"a\",\"sk\":0,\"deep\":{\"list\":[1,2.5,null,true,\"\"],\"more\":{}}}").withBinary("bytes", new byte[] {0, -1}).withStringSet("set", "x", "y");
        table.putItem(whole);
        Item got = table.getItem("pk", "a", "sk", 0);
        checks.equal("document: getItem", List.of(got.getMap("deep"), got.getStringSet("set")), List.of(whole.getMap("deep"), Set.of("x", "y")));
        checks.equal("document: bytes", got.getBinary("bytes"), new byte[] {0, -1});
        TableWriteItems batch = new TableWriteItems("documents");
        for (int sk = 1; sk <= 20; sk++) {
            batch.addItemToPut(new Item().withPrimaryKey("pk", "a", "sk", sk).withInt("odd", sk % 2).withString("name", "n" + sk));
        }
        checks.equal("document: batchWriteItem", dynamodb.batchWriteItem(batch).getUnprocessedItems(), Map.of());

        QuerySpec between = new QuerySpec().withHashKey("pk", "a").withRangeKeyCondition(new RangeKeyCondition("sk").between(5, 15));
        checks.equal("document: query with expressions", numbers(table, between.withFilterExpression("odd = :o").withProjectionExpression("sk, #n")
            .withNameMap(Map.of("#n", "name")).withValueMap(new ValueMap().withInt(":o", 1)).withMaxPageSize(3)), List.of(5, 7, 9, 11, 13, 15));
        checks.equal("document: query with old filters", numbers(table, new QuerySpec().withHashKey("pk", "a").withRangeKeyCondition(new RangeKeyCondition("sk").gt(10))
            .withQueryFilters(new QueryFilter("odd").eq(0)).withAttributesToGet("sk").withScanIndexForward(false)), List.of(20, 18, 16, 14, 12));
        checks.equal("document: query with a key expression", numbers(table, new QuerySpec().withKeyConditionExpression("pk = :p and sk < :s")
            .withValueMap(new ValueMap().withString(":p", "a").withInt(":s", 3))), List.of(0, 1, 2));
        checks.refused("document: keys named twice", () -> numbers(table, new QuerySpec().withHashKey("pk", "a").withKeyConditionExpression("pk = :p")
            .withValueMap(new ValueMap().withString(":p", "a"))), "ValidationException",
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {KeyConditions} "
                + "Expression parameters: {KeyConditionExpression}", 400);
        int odd = 0;
        for (Item item : table.scan("odd = :o", null, new ValueMap().withInt(":o", 1))) {
            odd += item.getInt("odd");
        }
        checks.equal("document: scan", odd, 10);

        var updated = table.updateItem(new UpdateItemSpec().withPrimaryKey("pk", "a", "sk", 1).withReturnValues(ReturnValue.ALL_NEW)
            .withUpdateExpression("SET #n = :n ADD seen :one").withConditionExpression("attribute_exists(pk)")
            .withNameMap(Map.of("#n", "name")).withValueMap(new ValueMap().withString(":n", "new").withInt(":one", 1))).getItem();
        checks.equal("document: updateItem", List.of(updated.getString("name"), updated.getInt("seen")), List.of("new", 1));
        checks.equal("document: projection", table.getItem(new GetItemSpec().withPrimaryKey("pk", "a", "sk", 0).withProjectionExpression("deep.#l[1]")
            .withNameMap(Map.of("#l", "list"))).toJSON(), "{\"deep\":{\"list\":[2.5]}}");
        table.deleteItem("pk", "a", "sk", 1);
        checks.equal("document: deleted", table.getItem("pk", "a", "sk", 1), null);
        table.delete();
        dynamodb.shutdown();
    }

    private static List<Integer> numbers(Table table, QuerySpec spec) {
        List<Integer> numbers = new java.util.ArrayList<>();
        for (Page<Item, ?> page : table.query(spec).pages()) {
            page.forEach(item -> numbers.add(item.getInt("sk")));
        }
        return numbers;
    }
}
