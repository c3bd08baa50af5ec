package shop;

import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.model.ScanRequest;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.PutObjectRequest;

class Old {
    void run(AmazonS3 s3, AmazonDynamoDB dynamoDb) {
        s3.putObject(new PutObjectRequest("b", "k", "x").withStorageClass("GLACIER"));
        s3.deleteObject("b", "k");
        dynamoDb.scan(new ScanRequest().withTableName("t").withLimit(10));
    }
}
