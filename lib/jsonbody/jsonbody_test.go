package jsonbody

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport"
)

type letter struct {
	Body string `json:"body"`
	At   Time   `json:"at"`
	To   struct {
		Name string `json:"name"`
		On   Time   `json:"on"`
	} `json:"to"`
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, text, field, says string }{
		{"application/json", `{"body":"hi","to":{"name":"ana"}}`, "", ""},
		{"application/json; charset=utf-8", `{"body":"hi"}` + "\n", "", ""},
		{"", `{}`, "", ""},
		{"text/plain", `{}`, "", "application/json"},
		{"", ``, "", "not valid JSON"},
		{"", `{"body":`, "", "not valid JSON"},
		{"", `{"body":"a"}{"body":"b"}`, "", "more than one"},
		{"", `{"body":"a"} x`, "", "more than one"},
		{"", `{"boddy":"a"}`, "boddy", `"boddy"`},
		{"", `{"body":7}`, "body", "number"},
		{"", `[{"body":"a"}]`, "", "The body is a JSON array; send an object."},
		{"", `{"to":{"name":true}}`, "to.name", "bool"},
		{"", `{"at":"2026-11-28T09:00:00+01:00","to":{"on":null}}`, "", ""},
		{"", `{"at":"2026-11-28 09:00:00"}`, "at", `"2026-11-28 09:00:00" is not a time as RFC 3339`},
		{"", `{"at":5,"body":"a"}`, "at", "5 is not a time as RFC 3339"},
		{"", `{"to":{"on":"soon"}}`, "to.on", `"soon" is not a time`},
		{"", `{"at":"2026-11-28T`, "", "not valid JSON"},
		{"", `{"body":"` + strings.Repeat("x", 200) + `"}`, "", "longer than 100 bytes"},
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(test.text))
		if test.kind != "" {
			r.Header.Set("Content-Type", test.kind)
		}
		var v letter
		err := Read(httptest.NewRecorder(), r, 100, &v)
		if test.says == "" {
			if err != nil {
				t.Errorf("%s: %v", test.text, err)
			}
			continue
		}
		refusal, ok := errors.AsType[*rapport.Error](err)
		if !ok || refusal.Kind != rapport.Invalid || refusal.Field != test.field || !strings.Contains(refusal.Message, test.says) {
			t.Errorf("%.60s: %v; want a refusal of %q that says %q", test.text, err, test.field, test.says)
		}
	}
}
