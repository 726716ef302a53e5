package openai

import (
	"encoding/json"
	"slices"
	"strings"

	"rapport"
	"rapport/handoff"
)

// tools are what a model may do besides speaking.
func tools(queues []string) []any {
	text := func(help string) map[string]any { return map[string]any{"type": "string", "description": help} }
	tool := func(name, help string, properties map[string]any, required ...string) any {
		return map[string]any{"type": "function", "function": map[string]any{
			"name": name, "description": help,
			"parameters": map[string]any{"type": "object", "properties": properties, "required": required},
		}}
	}
	queue := text("Which team shall take over; leave it out if you do not know.")
	if len(queues) > 0 {
		queue["enum"] = queues
	}
	return []any{
		tool("hand_off", "Give the conversation to a human colleague. Say goodbye in your message first.", map[string]any{
			"reason":  text("Why, in one short sentence for the colleague."),
			"summary": text("What the customer wants and what was done so far, in a few sentences for the colleague."),
			"queue":   queue,
		}, "reason", "summary"),
		tool("set_field", "Note something about this conversation.", map[string]any{
			"name":  text("A name such as order_number: lower case letters, digits and underscores."),
			"value": text("What you learned."),
		}, "name", "value"),
	}
}

// use does what a call asks for, as far as it is in order, and returns what the
// model is told about it.
func use(c call, queues []string, into *handoff.Answer) string {
	arguments := json.NewDecoder(strings.NewReader(c.Function.Arguments))
	switch c.Function.Name {
	case "hand_off":
		var a struct{ Reason, Summary, Queue string }
		if err := arguments.Decode(&a); err != nil {
			return "The arguments are not valid JSON."
		}
		h := &handoff.Handoff{Reason: cut(a.Reason, 1000), Summary: cut(a.Summary, 4000)}
		if i := slices.IndexFunc(queues, func(q string) bool { return strings.EqualFold(q, strings.TrimSpace(a.Queue)) }); i >= 0 {
			h.Queue = queues[i] // another name is a slip of the model; humans take over all the same
		}
		if err := h.Validate(); err != nil {
			return err.Error()
		}
		into.Handoff = h
		return "done"
	case "set_field":
		var a struct{ Name, Value string }
		if err := arguments.Decode(&a); err != nil {
			return "The arguments are not valid JSON."
		}
		fields := map[string]string{a.Name: a.Value}
		if err := rapport.ValidFields("fields", fields); err != nil {
			return err.Error()
		}
		into.Fields = rapport.WithFields(into.Fields, fields)
		if err := rapport.ValidFields("fields", into.Fields); err != nil {
			delete(into.Fields, a.Name)
			return err.Error()
		}
		return "done"
	}
	return "There is no such tool; there are hand_off and set_field."
}

// cut shortens a text to a number of bytes, at a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
