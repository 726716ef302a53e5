package api_test

import (
	"fmt"
	"strings"
	"testing"

	"rapport"
	"rapport/api"
	"rapport/rapporttest"
	"rapport/store"
)

// csv is a request with a file.
func csv(as, query, text string, x exchange) exchange {
	x.as, x.do, x.body = as, "POST /api/v1/sticky-agents/import"+query, text
	x.header = map[string]string{"Content-Type": "text/csv"}
	if x.status == 0 {
		x.status = 200
	}
	return x
}

// TestImportingStickyAgents: each bad line with the reason, nothing stored before
// one has seen it (S1-12, C6).
func TestImportingStickyAgents(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Sticky("Already there", "ben", "taken@example.com")
		d.names["ana"] = string(w.Agent("ana").ID)
		file := "\uFEFFTitle;Customer;Agent;Status\r\n" +
			"Good;\"+49 30 901820, boss@example.com\";ana@example.com;Active\r\n" +
			"Off;off@example.com;<ana>;inactive\r\n" +
			"Twice;boss@example.com;ben@example.com;\r\n" +
			"Taken;taken@example.com;ana@example.com;Active\r\n" +
			"Already there;taken@example.com;ben@example.com;Active\r\n" +
			"Who;x@example.com;nobody@example.com;Active\r\n" +
			";y@example.com;ana@example.com;Active\r\n" +
			"Number;12;ana@example.com;Maybe\r\n" +
			"Short;z@example.com\r\n"
		d.run(
			csv("sue", "?dry_run=true", file, exchange{says: []string{
				`"good":3,"bad":6,"imported":0`,
				`{"line":2,"title":"Good","customer":"+49 30 901820, boss@example.com","agent":"ana@example.com","ok":true,"action":"create","errors":[]}`,
				`"boss@example.com is in line 2 already."`, "taken@example.com already belongs to the sticky agent “Already there” (ben).",
				`"line":6,"title":"Already there","customer":"taken@example.com","agent":"ben@example.com","ok":true,"action":"skip"`,
				`There is no agent \"nobody@example.com\"`, "A title of 1 to 120 characters", `The status is \"Maybe\"; use Active or Inactive.`, "The line has 2 fields; the first line has 4.",
			}}),
			exchange{as: "sue", do: "GET /api/v1/sticky-agents", status: 200, lacks: []string{"Good"}},
			csv("sue", "", file, exchange{says: []string{`"good":3,"bad":6,"imported":2`}}),
			csv("sue", "", file, exchange{says: []string{`"good":3,"bad":6,"imported":0`}}),
			exchange{as: "sue", do: "GET /api/v1/sticky-agents?enabled=false", status: 200, says: []string{`"title":"Off"`}},

			csv("sue", "", "", exchange{status: 400, says: []string{"the file is empty"}, lacks: []string{"request body"}}),
			csv("sue", "", "\n,,\n", exchange{status: 400, says: []string{"no first line with the names of the columns"}}),
			csv("sue", "", "name,customer,agent\n", exchange{status: 400, says: []string{`The column \"name\"`}}),
			csv("sue", "", "title,agent\n", exchange{status: 400, says: []string{"The column customer is missing"}}),
			csv("sue", "", "title,customer,agent\n\xff\xfe,a,b\n", exchange{status: 400, says: []string{"UTF-8"}}),
			csv("sue", "", "title,customer,agent\n"+strings.Repeat("a,b,c\n", 50_001), exchange{status: 400, says: []string{"more than 50000 lines"}}),
			csv("sue", "", "title,customer,agent\n"+strings.Repeat("x", 5<<20), exchange{status: 413, says: []string{"too_long"}}),
		)
	})
}

// TestALineThatCannotBeReadCostsNoOther: a quote sign that nobody closed would take
// all lines after it into its cell.
func TestALineThatCannotBeReadCostsNoOther(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Agent("ana")
	file := "title,customer,agent\n" +
		"One,one@example.com,ana@example.com\n" +
		"Two,\"two@example.com\ntoo@example.com\",ana@example.com\n" + // 3 and 4
		"Three,\"three@example.com,ana@example.com\n" + // 5
		"Four,four@example.com,ana@example.com\n" +
		",,\n" +
		"Five \"V\",five@example.com,ana@example.com\n" + // 8
		"Six,six@example.com,ana@example.com\n" +
		",,,,\n \n"
	d.run(
		csv("sue", "?dry_run=true", file, exchange{says: []string{
			`"good":4,"bad":2,"imported":0`, `"line":3,"title":"Two"`, `"line":6,"title":"Four"`, `"line":9,"title":"Six"`,
			`{"line":5,"title":"","customer":"","agent":"","ok":false,"action":"skip","errors":["A quote sign is not closed in this line; add the second one, or leave the first out."]}`,
			`"line":8,"title":"","customer":"","agent":"","ok":false,"action":"skip","errors":["A quote sign stands in the middle of a cell of this line;`,
		}, lacks: []string{"is missing", "A title of", `"line":7`, `"line":10`}}),
		csv("sue", "", file, exchange{says: []string{`"good":4,"bad":2,"imported":4`}}),
	)
}

// TestExportedStickyAgentsCanBeImported: phones begin with +, which a
// spreadsheet would calculate.
func TestExportedStickyAgentsCanBeImported(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	titles := []string{"=1+1", "'=quoted", "-minus", "@at", "plain, with \"quotes\"", "'s Gravenhage"}
	for i, title := range titles {
		w.Sticky(title, "ana", fmt.Sprintf("+493090182%d", i), fmt.Sprintf("c%d@example.com", i))
	}
	got := d.request(exchange{as: "sue", do: "GET /api/v1/sticky-agents.csv"})
	if kind := got.Header().Get("Content-Type"); got.Code != 200 || kind != "text/csv; charset=utf-8" || !strings.Contains(got.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", got.Code, got.Header())
	}
	file := got.Body.String()
	for line := range strings.SplitSeq(strings.TrimPrefix(file, "\uFEFF"), "\n") {
		for cell := range strings.SplitSeq(line, ",") {
			if cell = strings.Trim(cell, `" `); cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("a spreadsheet would calculate %q in %q", cell, line)
			}
		}
	}
	d.run(csv("sue", "", file, exchange{says: []string{`"good":6,"bad":0,"imported":0`}})) // all there already
	w.Update(func(tx *store.Tx) error {
		all, err := tx.Stickies("", nil, nil, "", 100)
		for _, v := range all {
			if err == nil {
				err = tx.DeleteSticky(v.ID)
			}
		}
		return err
	})
	d.run(csv("sue", "", file, exchange{says: []string{`"good":6,"bad":0,"imported":6`}}))
	w.View(func(tx *store.Tx) error {
		all, err := tx.Stickies("", nil, nil, "", 100)
		seen := map[string]bool{}
		for _, v := range all {
			seen[v.Title] = v.Enabled && len(v.Points) == 2
		}
		for _, title := range titles {
			if !seen[title] {
				t.Errorf("%q did not come back: %v", title, seen)
			}
		}
		return err
	})
}

// TestRecordsOfADeletedAgentAreStillThere: they can be put out of the way, and the file
// that an export makes of them changes nothing.
func TestRecordsOfADeletedAgentAreStillThere(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["ana"], d.names["ben"] = string(w.Agent("ana").ID), string(w.Agent("ben").ID)
		d.names["on"], d.names["off"] = string(w.Sticky("On", "ben", "+4930901820", "on@example.com").ID), string(w.Sticky("Off", "ben", "off@example.com").ID)
		d.run(
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<off>", body: `{"enabled":false}`, status: 200},
			exchange{as: "ada", do: "DELETE /api/v1/agents/<ben>", status: 204, events: []string{"agent.deleted"}},
		)
		file := d.request(exchange{as: "sue", do: "GET /api/v1/sticky-agents.csv"}).Body.String()
		if !strings.Contains(file, d.names["ben"]) {
			t.Fatalf("the export does not name the agent: %s", file)
		}
		other := "title,customer,agent,status\nOn,\"+4930901820, on@example.com\"," + d.names["ben"] + ",Inactive\nNew,new@example.com," + d.names["ben"] + ",Active\n"
		d.run(
			csv("sue", "?dry_run=true", file, exchange{says: []string{`"good":2,"bad":0,"imported":0`}, lacks: []string{`"action":"create"`}}),
			csv("sue", "", file, exchange{says: []string{`"good":2,"bad":0,"imported":0`}}),
			csv("sue", "", other, exchange{says: []string{`"good":0,"bad":2,"imported":0`, `There is no agent \"`}}),

			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<on>", body: `{"title":"Was Ben's","points":"+49 30 901820","agent_id":"<ben>"}`, status: 200, says: []string{`"title":"Was Ben's"`, `"agent_name":"ben"`}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<on>", body: `{"enabled":false}`, status: 200, says: []string{`"enabled":false`}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<on>", body: `{"enabled":true}`, status: 400, says: []string{`"field":"agent_id"`, "ben, whom these customers belong to, was deleted"}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<on>", body: `{"title":"x\u0000y"}`, status: 400, says: []string{`"field":"title"`}},
			exchange{as: "sue", do: "POST /api/v1/sticky-agents", body: `{"title":"New","points":"+49 30 901820","agent_id":"<ben>"}`, status: 400, says: []string{`"field":"agent_id"`, "There is no agent"}},
			exchange{as: "sue", do: "POST /api/v1/sticky-agents", body: `{"title":"New","points":"+49 30 901820","agent_id":"<ana>"}`, status: 201, remains: map[string]string{"new": "id"}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<new>", body: `{"agent_id":"<ben>"}`, status: 400, says: []string{`"field":"agent_id"`}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<on>", body: `{"agent_id":"<ana>","points":"on@example.com","enabled":true}`, status: 200, says: []string{`"agent_name":"ana"`, `"enabled":true`}},
		)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("title,customer,agent,status\na,b,c,Active\n"))
	f.Add([]byte("\uFEFFtitle;customer;agent\n\"a;b;c\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := api.ReadCSV(text)
		if err != nil {
			if rapport.KindOf(err) != rapport.Invalid {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		line := 1
		for _, r := range rows {
			if r.Line <= 0 || r.Line < line {
				t.Fatalf("line %d comes after line %d", r.Line, line)
			}
			line = r.Line
			if r.OK == (len(r.Errors) > 0) {
				t.Fatalf("a row is good and says why it is not: %+v", r)
			}
		}
	})
}
