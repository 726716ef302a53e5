package workflow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rapport/workflow"
)

func TestConditions(t *testing.T) {
	t.Parallel()
	f := workflow.Facts{
		"conversation.state": "open", "conversation.hops": 2.0, "conversation.tags": []string{"VIP", "late"}, "contact.known": true,
		"contact.name": "Maria Schmidt", "since_opened": 900.0, "conversation.fields.order": "17",
	}
	for text, want := range map[string]bool{
		`{}`:         true,
		`{"all":[]}`: true,
		`{"fact":"conversation.state","op":"is","value":"open"}`:                                                             true,
		`{"fact":"conversation.state","op":"is","value":"OPEN"}`:                                                             true,
		`{"fact":"conversation.state","op":"is_not","value":"open"}`:                                                         false,
		`{"fact":"conversation.state","op":"one_of","value":["pending","open"]}`:                                             true,
		`{"fact":"conversation.state","op":"none_of","value":["pending","open"]}`:                                            false,
		`{"fact":"conversation.hops","op":"is","value":2}`:                                                                   true,
		`{"fact":"conversation.hops","op":"greater","value":2}`:                                                              false,
		`{"fact":"conversation.hops","op":"at_least","value":2}`:                                                             true,
		`{"fact":"conversation.hops","op":"less","value":2}`:                                                                 false,
		`{"fact":"conversation.hops","op":"at_most","value":2}`:                                                              true,
		`{"fact":"conversation.tags","op":"contains","value":"vip"}`:                                                         true,
		`{"fact":"conversation.tags","op":"contains","value":"vi"}`:                                                          false,
		`{"fact":"conversation.tags","op":"contains_not","value":"x"}`:                                                       true,
		`{"fact":"contact.name","op":"contains","value":"schmidt"}`:                                                          true,
		`{"fact":"contact.name","op":"starts_with","value":"maria"}`:                                                         true,
		`{"fact":"contact.known","op":"is","value":true}`:                                                                    true,
		`{"fact":"conversation.fields.order","op":"is","value":"17"}`:                                                        true,
		`{"fact":"conversation.fields.size","op":"exists"}`:                                                                  false,
		`{"fact":"conversation.fields.size","op":"is","value":"17"}`:                                                         false,
		`{"fact":"conversation.fields.size","op":"is_not","value":"17"}`:                                                     true,
		`{"fact":"since_last_outbound","op":"does_not_exist"}`:                                                               true,
		`{"fact":"since_last_outbound","op":"at_least","value":1}`:                                                           false,
		`{"fact":"since_opened","op":"at_least","value":900}`:                                                                true,
		`{"not":{"fact":"conversation.state","op":"is","value":"open"}}`:                                                     false,
		`{"all":[{"fact":"contact.known","op":"is","value":true},{"fact":"conversation.state","op":"is","value":"solved"}]}`: false,
		`{"any":[{"fact":"contact.known","op":"is","value":true},{"fact":"conversation.state","op":"is","value":"solved"}]}`: true,
		`{"expr":"conversation.hops >= 2 && since_last_outbound == nil"}`:                                                    true,
		`{"expr":"'late' in conversation.tags and contact.name startsWith 'Maria'"}`:                                         true,
		`{"expr":"(since_last_outbound ?? 99) < 5 || conversation.fields.order == '18'"}`:                                    false,
		`{"expr":"lower(contact.name) contains 'schmidt' && conversation.fields.nothing == nil"}`:                            true,
		`{"expr":"conversation.state matches '^o.*n$' ? since_opened / 60 == 15 : false"}`:                                   true,
	} {
		var c workflow.Condition
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		got, why, err := c.Holds(f)
		if err != nil || got != want {
			t.Errorf("%s is %v (%s, %v), want %v", text, got, why, err, want)
		}
	}
}

// A condition says why.
func TestConditionSaysWhy(t *testing.T) {
	t.Parallel()
	c := workflow.Condition{All: []workflow.Condition{
		{Fact: "conversation.state", Op: "is", Value: "open"},
		{Fact: "since_opened", Op: "at_least", Value: 600.0},
		{Fact: "since_last_outbound", Op: "does_not_exist"},
	}}
	_, why, err := c.Holds(workflow.Facts{"conversation.state": "open", "since_opened": 900.0})
	const want = "conversation.state is open: yes (it is open); since_opened is at least 10 minutes: yes (it is 15 minutes); since_last_outbound does not exist: yes (it does not exist)"
	if err != nil || why != want {
		t.Errorf("%q, %v; want %q", why, err, want)
	}
}

// An expression that cannot be answered fails with the reason, and cannot run
// for long.
func TestExpressionsAreBounded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"since_last_outbound > 5":                                      "cannot be answered",
		"conversation.state == " + strings.Repeat("'x'+", 150) + "'x'": "not right",
		"now() != nil":                       "not right",
		"repeat('x', 100000) == ''":          "not right",
		"2 ** 1000 > 1":                      "not allowed",
		"any(conversation.tags, {# == 'x'})": "not right",
		"reduce(1..9, #acc + #) > 1":         "not right",
		"conversation.state":                 "not right",
		"$env == nil":                        "",
	} {
		c := workflow.Condition{Expr: text}
		_, _, err := c.Holds(workflow.Facts{"conversation.state": "open"})
		if want == "" {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want something with %q", text, err, want)
		}
	}
}
