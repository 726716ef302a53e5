package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport"
	"rapport/store"
)

type auditLine struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Action  string    `json:"action" doc:"What was done, e.g. queue.changed."`
	Subject string    `json:"subject" doc:"To what."`
	Detail  string    `json:"detail"`

	Names map[string]string `json:"names,omitempty" doc:"What the customers are called now whose ids are in subject and detail, by id."`
}

type auditInput struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listAudit(ctx context.Context, in *auditInput) (*reply[list[auditLine]], error) {
	from, err := parsePlace("audit", in.Cursor)
	if err != nil {
		return nil, err
	}
	lines := []auditLine{}
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		entries, err := tx.AuditLog(from.ID, in.Limit+1)
		if err != nil {
			return err
		}
		var ids []rapport.ContactID
		for _, e := range entries {
			ids = append(ids, customersIn(e)...)
		}
		names, err := tx.CustomerNames(ids)
		for _, e := range entries {
			line := auditLine{ID: e.ID, At: e.At, Actor: e.ActorName, Action: e.Action, Subject: e.Subject, Detail: e.Detail}
			for _, id := range customersIn(e) {
				if name, ok := names[id]; ok {
					if line.Names == nil {
						line.Names = map[string]string{}
					}
					line.Names[string(id)] = name
				}
			}
			lines = append(lines, line)
		}
		return err
	})
	return ok(page(lines, in.Limit, func(l auditLine) place { return place{List: "audit", ID: l.ID} }), err)
}

// customersIn are the ids in a line about customers. The log has no names of
// theirs, so that it need not be rewritten when one is changed or erased.
func customersIn(e store.AuditEntry) (ids []rapport.ContactID) {
	if !strings.HasPrefix(e.Action, "contact.") {
		return nil
	}
	for _, word := range strings.Fields(e.Subject + " " + e.Detail) {
		if rapport.ValidID(word) {
			ids = append(ids, rapport.ContactID(word))
		}
	}
	return ids
}

// passing are members that change by themselves and say nothing of what an
// admin did.
var passing = map[string]bool{"version": true, "updated_at": true, "load": true, "status": true, "connected": true,
	"last_assigned_at": true, "idle_since": true, "seen_at": true, "room": true, "sub_status": true}

// differences tells in words what an admin changed: the members of two words
// that are not the same.
func differences(was, is any) string {
	before, after := members(was), members(is)
	all := maps.Clone(before)
	maps.Copy(all, after)
	var told []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if passing[name] || string(before[name]) == string(after[name]) {
			continue
		}
		told = append(told, fmt.Sprintf("%s: %s → %s", name, orNothing(before[name]), orNothing(after[name])))
	}
	return strings.Join(told, "; ")
}

func orNothing(value json.RawMessage) string {
	if len(value) == 0 {
		return "nothing"
	}
	return string(value)
}

// member is an agent of a queue, or a queue of an agent, as the log has it.
type member struct {
	Name     string `json:"name"`
	CanReply bool   `json:"can_reply"`
}

// joined tells who came, who left, and who may do something else, by name; whoever
// stayed as they were is left out. of is what the list is called.
func joined(of string, was, is []rapport.Member, name func(rapport.Member) (string, error)) (string, error) {
	only := func(from, without []rapport.Member) (list []member, err error) {
		for _, m := range from {
			if slices.Contains(without, m) {
				continue
			}
			called, err := name(m)
			if err != nil {
				return nil, err
			}
			list = append(list, member{called, m.CanReply})
		}
		slices.SortFunc(list, func(a, b member) int { return strings.Compare(a.Name, b.Name) })
		if list == nil && from != nil { // some stayed
			list = []member{}
		}
		return list, nil
	}
	left, err := only(was, is)
	if err != nil {
		return "", err
	}
	came, err := only(is, was)
	if err != nil || len(left)+len(came) == 0 {
		return "", err
	}
	return differences(map[string][]member{of: left}, map[string][]member{of: came}), nil
}

// both puts two parts of a line one behind the other.
func both(a, b string) string {
	return strings.Trim(a+"; "+b, "; ")
}

func members(v any) map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		panic(err) // the words of the root package are JSON objects
	}
	return all
}
