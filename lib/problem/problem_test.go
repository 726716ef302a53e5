package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"reflect"
	"testing"

	"rapport"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want map[string]any
	}{
		{
			fmt.Errorf("read: %w", rapport.Invalidf("body", "The text is empty.")),
			map[string]any{"title": "Bad Request", "status": 400.0, "detail": "The text is empty.", "code": "invalid", "field": "body"},
		},
		{
			rapport.Errorf(rapport.Conflict, "already_assigned", "Ben has it.").With("assignee", "ben"),
			map[string]any{"title": "Conflict", "status": 409.0, "detail": "Ben has it.", "code": "already_assigned", "assignee": "ben"},
		},
		{
			errors.New("secret path /srv/x"),
			map[string]any{"title": "Internal Server Error", "status": 500.0, "detail": "Something went wrong on our side; it has been logged.", "code": "internal"},
		},
		{
			rapport.Errorf(rapport.TooMany, "slow_down", "Slow down.").With("x", func() {}),
			map[string]any{"title": "Internal Server Error", "status": 500.0, "code": "internal"},
		},
	} {
		w := httptest.NewRecorder()
		Write(w, test.err)
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, test.want) || float64(w.Code) != test.want["status"] || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v became %d %v; want %v", test.err, w.Code, got, test.want)
		}
	}
}
