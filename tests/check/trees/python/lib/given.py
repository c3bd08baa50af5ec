# No SDK is imported here; the client comes from elsewhere.


def store(client, cache, bucket, options):
    client.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    client.put_object(**options)
    cache.scan()
    cache.query("x")
