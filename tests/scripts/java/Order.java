import java.util.List;
import java.util.Objects;
import java.util.Set;

import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBAttribute;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBHashKey;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBIndexHashKey;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBIndexRangeKey;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBRangeKey;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBTable;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBVersionAttribute;

import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondaryPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondarySortKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSortKey;

/** An item as the mapper of the SDK v1 and the enhanced client of the SDK v2 see it. */
@DynamoDBTable(tableName = "orders")
@DynamoDbBean
public final class Order {
    private String customer;
    private Long number;
    private String state;
    private Long total;
    private List<String> goods;
    private Set<String> tags;
    private Long version;

    static Order of(String customer, long number, String state, long total) {
        Order order = new Order();
        order.customer = customer;
        order.number = number;
        order.state = state;
        order.total = total;
        order.goods = List.of("tea", "two", "line " + number);
        order.tags = Set.of("a", "ü");
        return order;
    }

    @DynamoDBHashKey
    @DynamoDbPartitionKey
    public String getCustomer() {
        return customer;
    }

    public void setCustomer(String customer) {
        this.customer = customer;
    }

    @DynamoDBRangeKey
    @DynamoDbSortKey
    public Long getNumber() {
        return number;
    }

    public void setNumber(Long number) {
        this.number = number;
    }

    @DynamoDBIndexHashKey(globalSecondaryIndexName = "by_state")
    @DynamoDbSecondaryPartitionKey(indexNames = "by_state")
    public String getState() {
        return state;
    }

    public void setState(String state) {
        this.state = state;
    }

    @DynamoDBIndexRangeKey(globalSecondaryIndexName = "by_state")
    @DynamoDbSecondarySortKey(indexNames = "by_state")
    public Long getTotal() {
        return total;
    }

    public void setTotal(Long total) {
        this.total = total;
    }

    @DynamoDBAttribute
    public List<String> getGoods() {
        return goods;
    }

    public void setGoods(List<String> goods) {
        this.goods = goods;
    }

    @DynamoDBAttribute
    public Set<String> getTags() {
        return tags;
    }

    public void setTags(Set<String> tags) {
        this.tags = tags;
    }

    @DynamoDBVersionAttribute
    public Long getVersion() {
        return version;
    }

    public void setVersion(Long version) {
        this.version = version;
    }

    /** All but the version, which the mapper counts. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Order order && Objects.equals(toString(), order.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return customer + " " + number + " " + state + " " + total + " " + goods + " " + (tags == null ? null : new java.util.TreeSet<>(tags));
    }
}
