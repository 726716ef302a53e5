package sms_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport/lib/sms"
)

// golden is what the browser counts as well: see web/packages/core/src/segments.test.ts.
type golden struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Repeat int    `json:"repeat"`
	Then   string `json:"then"`
	sms.Count
}

// S3-39, C19: parts are counted as networks bill them.
func TestOf(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/segments.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []golden
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	if len(table) < 20 {
		t.Fatalf("only %d lines in the table", len(table))
	}
	for _, g := range table {
		if got := sms.Of(strings.Repeat(g.Text, max(g.Repeat, 1)) + g.Then); got != g.Count {
			t.Errorf("%s: %+v; want %+v", g.Name, got, g.Count)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("Hello")
	f.Add("[]{}€👩‍👩‍👧")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		c := sms.Of(text)
		single, part := 160, 153
		if c.Unicode {
			single, part = 70, 67
		}
		if (c.Segments == 0) != (text == "") || c.Left < 0 || c.Units < utf8.RuneCountInString(text) {
			t.Fatalf("%q: %+v", text, c)
		}
		room := c.Segments * part
		if c.Segments == 1 {
			room = single
		}
		if c.Units > room {
			t.Fatalf("%q: %d units do not fit into %d parts", text, c.Units, c.Segments)
		}
		if longer := sms.Of(text + "a"); longer.Segments < c.Segments {
			t.Fatalf("%q: one more character takes fewer parts", text)
		}
	})
}
