package pg

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Schema makes an empty schema in a database and returns the address at which
// everything happens inside it. drop removes it with all it holds.
func Schema(ctx context.Context, address string) (inside string, drop func() error, err error) {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return "", nil, fmt.Errorf("the address of a PostgreSQL database is needed, such as postgres://user:password@host/name")
	}
	name := "s" + strings.ToLower(rand.Text())
	if err := execute(ctx, address, "create schema "+name); err != nil {
		return "", nil, err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String(), func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		return execute(ctx, address, "drop schema "+name+" cascade")
	}, nil
}
