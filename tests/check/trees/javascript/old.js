'use strict';
const AWS = require('aws-sdk');

const s3 = new AWS.S3({ apiVersion: '2006-03-01' });
const documents = new AWS.DynamoDB.DocumentClient();
const dynamodb = new AWS.DynamoDB();
const sns = new AWS.SNS();
const cache = new Map();

exports.handler = async (event) => {
  await s3.putObject({ Bucket: 'b', Key: 'k', Body: 'x', ACL: 'public-read' }).promise();
  await documents.update({ TableName: 't', Key: { id: 1 }, UpdateExpression: 'SET a = :a' }).promise();
  const params = { TableName: 't', IndexName: 'i' };
  params.FilterExpression = 'a > :a';
  await documents.scan(params).promise();
  await dynamodb.createBackup({ TableName: 't', BackupName: 'b' }).promise();
  cache.get('x');
  await documents.get(event.params).promise();
  s3.upload({ Bucket: 'b', Key: 'k', Body: 'x' }, () => {});
  return s3.getSignedUrl('getObject', { Bucket: 'b', Key: 'k', Expires: 60 });
};
