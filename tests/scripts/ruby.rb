# The AWS SDK for Ruby, version 3: objects, its transfer manager, presigned URLs and a form. Started by ruby.py.
#
#   ruby ruby.rb ENDPOINT

require 'aws-sdk-s3'
require 'digest'
require 'net/http'
require 'stringio'
require 'tempfile'

ENDPOINT = ARGV.fetch(0)
MIB = 1024 * 1024
$held = $failed = 0

def shown(value) = value.is_a?(String) && value.bytesize > 400 ? "#{value.bytesize} bytes, MD5 #{etag(value)}" : value.inspect[0, 600]

def equal(what, got, want)
  return $held += 1 if got == want

  $failed += 1
  puts "FAILED: #{what}\n  got  #{shown(got)}\n  want #{shown(want)}"
end

# AWS's code and message.
def refused(what, code, message)
  equal(what, yield, code)
rescue Aws::Errors::ServiceError => e
  equal(what, [e.code, e.message], [code, message])
end

def etag(body) = "\"#{Digest::MD5.hexdigest(body)}\""

# Uses a URL as any program would that is given it.
def send_to(url, method, body = nil, headers = {})
  uri = URI(url)
  request = Net::HTTPGenericRequest.new(method, !body.nil?, method != 'HEAD', uri.request_uri, { 'Host' => "#{uri.host}:#{uri.port}" }.merge(headers))
  request.body = body if body
  answer = Net::HTTP.new(uri.host, uri.port, nil).start { |http| http.request(request) }
  [answer.code.to_i, answer.body&.b]
end

def refusal((status, body)) = [status, body[%r{<Code>(.*)</Code>}, 1]]

client = Aws::S3::Client.new(endpoint: ENDPOINT, region: 'us-east-1', access_key_id: 'test', secret_access_key: 'test', force_path_style: true,
                             retry_limit: 0, http_proxy: nil)
s3 = Aws::S3::Resource.new(client: client)
bucket = s3.create_bucket(bucket: 'ruby-objects')
body = Random.new(7).bytes(70_000)

['a/one', 'a/two', 'b/ü + %', 'c'].each do |key|
  put = bucket.object(key).put(body: body, content_type: 'text/x-made', metadata: { 'who' => 'me' })
  equal("#{key}: ETag", put.etag, etag(body))
  got = bucket.object(key).get
  equal("#{key}: bytes", got.body.read.b, body)
  equal("#{key}: headers", [got.content_type, got.metadata], ['text/x-made', { 'who' => 'me' }])
end
equal('an empty object', bucket.object('empty').put(body: '').etag, etag(''))
# CRC32C would need a native gem.
%w[CRC32 SHA1 SHA256].each do |algorithm|
  client.put_object(bucket: bucket.name, key: "sum/#{algorithm}", body: body, checksum_algorithm: algorithm)
  equal(algorithm, client.get_object(bucket: bucket.name, key: "sum/#{algorithm}", checksum_mode: 'ENABLED').body.read.b, body)
end
equal('a range', bucket.object('c').get(range: 'bytes=1000-1999').body.read.b, body[1000, 1000])
equal('the last bytes', bucket.object('c').get(range: 'bytes=-9').body.read.b, body[-9..])
refused('a range behind the end', 'InvalidRange', 'The requested range is not satisfiable') { bucket.object('c').get(range: 'bytes=70000-') }
pages = client.list_objects_v2(bucket: bucket.name, delimiter: '/', max_keys: 2).to_a
equal('a listing', pages.flat_map { |page| page.contents.map(&:key) + page.common_prefixes.map(&:prefix) }, %w[a/ b/ c empty sum/])
equal('objects of a folder', bucket.objects(prefix: 'a/').map(&:key), %w[a/one a/two])

large = Random.new(8).bytes(11 * MIB + 3)
Tempfile.create('large') do |file|
  file.binmode
  file.write(large)
  file.flush
  equal('upload_file', bucket.object('large').upload_file(file.path, multipart_threshold: 6 * MIB), true)
end
equal('in parts', bucket.object('large').etag[-3..], '-3"')
equal('download_file', Tempfile.create('back') do |file|
  bucket.object('large').download_file(file.path, chunk_size: 5 * MIB)
  File.binread(file.path)
end == large, true)
bucket.object('stream').upload_stream(part_size: 5 * MIB) { |out| out.binmode.write(large) }
equal('upload_stream', bucket.object('stream').get.body.read.b == large, true)

bucket.object('copy').copy_from(bucket.object('b/ü + %'))
equal('copy_from', bucket.object('copy').get.body.read.b, body)
bucket.object('copy in parts').copy_from(bucket.object('large'), multipart_copy: true, content_length: large.bytesize, part_size: 5 * MIB)
equal('a copy in parts', bucket.object('copy in parts').get.body.read.b == large, true)
bucket.object('copy').move_to(bucket.object('moved'))
equal('move_to', [bucket.object('copy').exists?, bucket.object('moved').get.body.read.b == body], [false, true])

object = bucket.object('by url/a b+c/ü')
equal('a presigned PUT', send_to(object.presigned_url(:put), 'PUT', body)[0], 200)
typed = object.presigned_url(:put, content_type: 'text/plain')
equal('with a type', send_to(typed, 'PUT', body, 'Content-Type' => 'text/plain')[0], 200)
equal('a presigned GET', send_to(object.presigned_url(:get), 'GET'), [200, body])
equal('a range of it', send_to(object.presigned_url(:get), 'GET', nil, 'Range' => 'bytes=5-9'), [206, body[5, 5]])
equal('a presigned HEAD', send_to(object.presigned_url(:head), 'HEAD')[0], 200)
equal('PUT by the URL of a GET', refusal(send_to(object.presigned_url(:get), 'PUT', 'x')), [403, 'SignatureDoesNotMatch'])
upload = object.initiate_multipart_upload
part = Aws::S3::Presigner.new(client: client).presigned_url(:upload_part, bucket: bucket.name, key: object.key, upload_id: upload.id, part_number: 1)
equal('a presigned part', send_to(part, 'PUT', 'a part')[0], 200)
upload.complete(multipart_upload: { parts: [{ part_number: 1, etag: etag('a part') }] })
equal('the object of it', object.get.body.read, 'a part')

form = bucket.presigned_post(key: 'form/${filename}', success_action_status: '201', content_type: 'text/plain', content_length_range: 1..1000)
fields = form.fields.map { |name, value| [name, value] } << ['file', StringIO.new('by a form'), { filename: 'f.txt' }]
uri = URI(form.url)
request = Net::HTTP::Post.new(uri)
request.set_form(fields, 'multipart/form-data')
answer = Net::HTTP.new(uri.host, uri.port, nil).start { |http| http.request(request) }
equal('a form', answer.code, '201')
equal('what it stored', bucket.object('form/f.txt').get.body.read, 'by a form')

refused('a missing key', 'NoSuchKey', 'The specified key does not exist.') { bucket.object('none').get }
refused('a missing bucket', 'NoSuchBucket', 'The specified bucket does not exist') { client.list_objects_v2(bucket: 'not-there-at-all') }
refused('a bucket that is not empty', 'BucketNotEmpty', 'The bucket you tried to delete is not empty') { bucket.delete }
equal('a presigned DELETE', send_to(object.presigned_url(:delete), 'DELETE')[0], 204)
equal('it is gone', object.exists?, false)
bucket.clear!
bucket.delete
equal('the bucket is gone', bucket.exists?, false)

puts "#{$held} checks held, #{$failed} failed"
exit($failed.zero?)
