package webhook

import (
	"testing"

	"rapport/handoff"
)

// Whatever a server answers is refused, or within the bounds of an answer.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		"", "{}", "7", `{"messages":[{"text":"x","buttons":["a"]}],"actions":[{"type":"end"}]}`,
		`{"actions":[{"type":"handoff","fields":{"a":"b"}},{"type":"set_fields","fields":{"a":"b"}}]}`, `{"actions":[{"type":"tag","tags":["",null]}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := decode(text)
		if err != nil {
			return
		}
		if len(got.Messages) > handoff.MostMessages || got.End && got.Handoff != nil {
			t.Errorf("%q is taken for %+v", text, got)
		}
		for _, m := range got.Messages {
			if m.Text == "" || len(m.Buttons) > handoff.MostButtons {
				t.Errorf("%q holds the message %+v", text, m)
			}
		}
		if err := got.Validate(); err != nil {
			t.Errorf("%q is accepted, and then it is not: %v", text, err)
		}
	})
}
