package blob

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 is a bucket, or a part of one, in a store that speaks S3.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// Bucket says where and as whom.
type Bucket struct {
	URL       string // s3://bucket/prefix?endpoint=https://…&region=…
	AccessKey string
	SecretKey string
}

// ParseBucket reads the address of a bucket.
func ParseBucket(address string) (bucket, prefix string, endpoint *url.URL, region string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return "", "", nil, "", fmt.Errorf("%q is not an address such as s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1", address)
	}
	q := u.Query()
	for name := range q {
		if name != "endpoint" && name != "region" {
			return "", "", nil, "", fmt.Errorf("%q is not known in the address of a bucket; use endpoint and region", name)
		}
	}
	region = q.Get("region")
	given := q.Get("endpoint")
	if given == "" {
		given = "https://s3.amazonaws.com"
	}
	endpoint, err = url.Parse(given)
	if err != nil || endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" {
		return "", "", nil, "", fmt.Errorf("the endpoint %q is not an address such as https://s3.example.com (without a path)", given)
	}
	if prefix = strings.Trim(u.Path, "/"); prefix != "" {
		prefix += "/"
	}
	return u.Host, prefix, endpoint, region, nil
}

// OpenS3 uses a bucket that is there already. Nothing is asked of it yet.
func OpenS3(b Bucket) (*S3, error) {
	bucket, prefix, endpoint, region, err := ParseBucket(b.URL)
	if err != nil {
		return nil, err
	}
	if b.AccessKey == "" || b.SecretKey == "" {
		return nil, fmt.Errorf("the bucket %s needs an access key and a secret key", bucket)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	lookup := minio.BucketLookupPath // what every such store understands
	if strings.HasSuffix(endpoint.Host, ".amazonaws.com") {
		lookup = minio.BucketLookupAuto
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Secure: endpoint.Scheme == "https",
		Region: region, BucketLookup: lookup, Transport: transport, MaxRetries: 3,
	})
	if err != nil {
		return nil, err
	}
	return &S3{client, bucket, prefix}, nil
}

// Where implements Store.
func (s *S3) Where() string {
	return fmt.Sprintf("bucket %s at %s", s.bucket, s.client.EndpointURL().Host)
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	counted := &counter{r: io.LimitReader(r, size)}
	_, err := s.client.PutObject(ctx, s.bucket, s.prefix+key, counted, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: size < 64<<20, PartSize: 16 << 20, NumThreads: 1,
	})
	if err != nil {
		return fmt.Errorf("put into the %s: %w", s.Where(), err)
	}
	return nil
}

// counter hides everything of a reader but Read, so that it is read once.
type counter struct{ r io.Reader }

func (c *counter) Read(p []byte) (int, error) { return c.r.Read(p) }

type s3Object struct {
	*minio.Object
	size int64
}

func (o s3Object) Size() int64 { return o.size }

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string) (Object, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	o, err := s.client.GetObject(ctx, s.bucket, s.prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("read from the %s: %w", s.Where(), err)
	}
	info, err := o.Stat()
	if err != nil {
		_ = o.Close()
		if code := minio.ToErrorResponse(err).Code; code == "NoSuchKey" || code == "NotFound" {
			return nil, missing(key)
		}
		return nil, fmt.Errorf("read from the %s: %w", s.Where(), err)
	}
	return s3Object{o, info.Size}, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := s.client.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("remove from the %s: %w", s.Where(), err)
	}
	return nil
}

// Keys implements Store.
func (s *S3) Keys(ctx context.Context, id string) (list []string, err error) {
	if err := checkID(id); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing where it stops halfway
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix + id, Recursive: true}) {
		if o.Err != nil {
			return nil, fmt.Errorf("list the %s: %w", s.Where(), o.Err)
		}
		if key := strings.TrimPrefix(o.Key, s.prefix); of(id, key) {
			list = append(list, key)
		}
	}
	return list, nil
}
