package workflow

import "testing"

// The workflows are found that a renaming of a tag leaves with its old name.
func TestWhoNamesATag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"trigger":{"kind":"tag_added","with":{"tag":"VIP"}}}`:                                                                               true,
		`{"trigger":{"kind":"tag_added","with":{"tag":"VIPs"}}}`:                                                                              false,
		`{"trigger":{"kind":"message_received","when":{"all":[{"not":{"fact":"conversation.tags","op":"contains","value":"vip"}}]}}}`:         true,
		`{"trigger":{"kind":"message_received","when":{"fact":"conversation.topic","op":"is","value":"vip"}}}`:                                false,
		`{"trigger":{"kind":"message_received","when":{"expr":"'vip' in conversation.tags"}}}`:                                                true,
		`{"trigger":{"kind":"message_received","when":{"expr":"contact.name == 'vip'"}}}`:                                                     false,
		`{"trigger":{"kind":"x"},"steps":[{"id":"a","kind":"tag","with":{"remove":["late","vip"]}}]}`:                                         true,
		`{"trigger":{"kind":"x"},"steps":[{"id":"a","kind":"comment","with":{"text":"vip"}}]}`:                                                false,
		`{"trigger":{"kind":"x"},"steps":[{"id":"a","kind":"wait_for","with":{"event":"tag_added","tag":"vip"}}]}`:                            true,
		`{"trigger":{"kind":"x"},"steps":[{"id":"a","kind":"condition","with":{"if":{"any":[{"fact":"conversation.tags","value":"vip"}]}}}]}`: true,
		`{`: false,
	} {
		if got := namesTag([]byte(text), "vip"); got != want {
			t.Errorf("%s names it: %v", text, got)
		}
	}
}
