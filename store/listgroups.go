package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport"
)

// groups lays a list out: which indexes answer it, and what is left to look at.
func (l *lister) groups() ([]*group, error) {
	config, err := l.tx.Configuration()
	if err != nil {
		return nil, err
	}
	s := selection{q: l.q, config: config, now: l.tx.now, dialect: &l.tx.db.dialect, me: l.q.Actor.AgentID}
	if !s.q.now.IsZero() {
		s.now = s.q.now
	}
	s.standings = s.q.View.Standings()
	if f := s.q.Filter.Statuses; len(f) > 0 {
		s.standings = slices.DeleteFunc(slices.Clone(s.standings), func(one rapport.Standing) bool { return !slices.Contains(f, one) })
	}
	if len(s.standings) == 0 || s.impossible() {
		return nil, nil
	}
	if s.q.Sort == rapport.SortQueue && s.q.View == rapport.ViewMine { // a handful, of few queues
		s.only = map[rapport.QueueID]bool{}
		c := all(where("c.assignee_id = ? and c.assignee_id <> ''", s.me), ranks(s.standings))
		c.text = "select distinct c.queue_id from conversation c where " + c.text
		err := l.rows(func(row scanner) error {
			var id rapport.QueueID
			err := row.Scan(&id)
			s.only[id] = true
			return err
		}, c)
		if err != nil {
			return nil, err
		}
	}
	return s.groups(), nil
}

// selection is a list's question in the words of the database.
type selection struct {
	q         *ListQuery
	config    *Configuration
	dialect   *dialect
	now       time.Time
	me        rapport.AgentID
	standings []rapport.Standing
	only      map[rapport.QueueID]bool // queues that come into question; nil for all
}

// which names parts of the question that a stream answers by itself.
type which struct{ queue, assignee, visible bool }

func (s *selection) groups() []*group {
	list := s.sorted()
	if s.q.View == rapport.ViewUnassigned { // indexes of their own: they are few among all
		for _, g := range list {
			for i := range g.streams {
				g.streams[i] = all(where("c.wait_queue <> ''"), g.streams[i])
			}
		}
	}
	return list
}

func (s *selection) sorted() (list []*group) {
	asc := func(name, key string) *group { return &group{name: name, key: key} }
	switch s.q.Sort {
	case rapport.SortStatus:
		for _, one := range s.standings {
			g := asc(string(one), "c.sort_at")
			s.fill(g, []rapport.Standing{one})
			list = append(list, g)
		}
	case rapport.SortQueue:
		for _, queue := range s.queues() {
			g := asc("q"+string(queue), "c.sort_at")
			for _, one := range s.standings {
				g.streams = append(g.streams, all(where("c.queue_id = ?", queue), standing(one)))
			}
			member := false
			if queue != "" {
				_, member = s.q.Actor.Queues[queue]
			}
			s.settle(g, which{queue: true, visible: member || s.q.Actor.SeesAll()}, s.standings)
			list = append(list, g)
		}
	case rapport.SortCustomer:
		g := asc("", "c.sort_name")
		for _, one := range s.standings {
			g.streams = append(g.streams, standing(one))
		}
		s.settle(g, which{visible: s.q.Actor.SeesAll()}, s.standings)
		list = append(list, g)
	case rapport.SortWaiting:
		list = s.byWaiting()
	default:
		g := &group{key: "c.sort_at", desc: s.q.Sort == rapport.SortLatest}
		s.fill(g, s.standings)
		list = append(list, g)
	}
	return list
}

// byWaiting puts those first who wait: in Unassigned by priority and then by how
// long, on one's own desk by how long the customer has had no answer.
func (s *selection) byWaiting() (list []*group) {
	if s.q.View == rapport.ViewUnassigned {
		for _, p := range []rapport.Priority{rapport.Urgent, rapport.High, rapport.Normal, rapport.Low} {
			g := &group{name: string(p), key: "c.wait_since"}
			if f := s.q.Filter.Priorities; len(f) > 0 && !slices.Contains(f, p) {
				continue
			}
			g.streams = []cond{where("c.priority = ?", p.Rank())}
			s.settle(g, which{visible: s.q.Actor.SeesAll()}, s.standings)
			list = append(list, g)
		}
		return list
	}
	waits := &group{name: "waits", key: "c.awaits_since"}
	rests := &group{name: "rests", key: "c.sort_at", desc: true}
	for _, one := range s.standings {
		mine := all(where("c.assignee_id = ? and c.assignee_id <> ''", s.me), standing(one))
		waits.streams = append(waits.streams, all(mine, where("c.awaits_since > 0")))
		rests.streams = append(rests.streams, all(mine, where("c.awaits_since = 0")))
	}
	for _, g := range []*group{waits, rests} {
		s.settle(g, which{assignee: true, visible: true}, s.standings)
	}
	return []*group{waits, rests}
}

// fill gives a group that is sorted by time its streams.
func (s *selection) fill(g *group, standings []rapport.Standing) {
	var by []cond
	var known which
	held := s.assignees()
	switch f := &s.q.Filter; {
	case len(held) > 0 && !slices.Contains(held, ""):
		for _, id := range held {
			by = append(by, where("c.assignee_id = ? and c.assignee_id <> ''", id))
		}
		known = which{assignee: true, visible: s.q.Actor.SeesAll() || len(held) == 1 && held[0] == s.me}
	case len(f.Queues) > 0:
		known = which{queue: true, visible: true}
		for _, id := range unique(f.Queues) {
			by = append(by, where("c.queue_id = ?", id))
			if _, member := s.q.Actor.Queues[id]; !member && !s.q.Actor.SeesAll() {
				known.visible = false
			}
		}
	case !s.q.Actor.SeesAll():
		known = which{visible: true}
		ids := slices.Sorted(maps.Keys(s.q.Actor.Queues))
		for _, id := range ids {
			by = append(by, where("c.queue_id = ?", id))
		}
		others := cond{}
		if len(ids) > 0 {
			others = in("c.queue_id", ids)
			others.text = "not (" + others.text + ")"
		}
		by = append(by, all(where("c.assignee_id = ? and c.assignee_id <> ''", s.me), others))
		if len(ids) > 0 {
			asked := in("x.transfer_queue", ids) // few at a time
			by = append(by, all(cond{"c.id in (select x.id from conversation x where x.transfer_queue <> '' and " + asked.text + ")", asked.args}, where("c.assignee_id <> ?", s.me), others))
		}
		// Questions of one's own to colleagues, wherever they are; few, too.
		began := all(where("c.id in (select x.id from conversation x where x.started_by = ? and x.started_by <> '')", s.me), where("c.assignee_id <> ?", s.me))
		if len(ids) > 0 {
			asked := in("c.transfer_queue", ids)
			began = all(began, others, cond{"not (" + asked.text + ")", asked.args})
		}
		by = append(by, began)
	}
	if len(by)*len(standings) > mostStream {
		by, known = nil, which{visible: s.q.Actor.SeesAll()}
	}
	if by == nil {
		by, known.visible = []cond{{}}, s.q.Actor.SeesAll()
	}
	for _, b := range by {
		for _, one := range standings {
			stands := standing(one)
			if strings.HasPrefix(b.text, "c.id in") { // no index but that of ids
				stands.text = "+" + stands.text
			}
			g.streams = append(g.streams, all(b, stands))
		}
	}
	s.settle(g, known, standings)
}

// settle adds what the streams of a group do not answer.
func (s *selection) settle(g *group, known which, standings []rapport.Standing) {
	f := &s.q.Filter
	var rest []cond
	drive := func(c cond) {
		g.drivers = append(g.drivers, cond{"select c.id as id from conversation c where " + c.text, c.args})
	}
	stands := ranks(standings)
	if s.q.Contact != "" {
		c := where("c.contact_id = ?", s.q.Contact)
		rest = append(rest, c)
		drive(c)
	}
	if len(f.Tags) > 0 {
		c := in("t.tag", unique(f.Tags))
		rest = append(rest, cond{"exists (select 1 from conversation_tag t where t.conversation_id = c.id and " + c.text + ")", c.args})
		g.drivers = append(g.drivers, cond{"select distinct t.conversation_id as id from conversation_tag t where " + c.text, c.args})
	}
	if len(f.Dispositions) > 0 {
		c := all(where("c.disposition_id <> ''"), in("c.disposition_id", unique(f.Dispositions)))
		rest = append(rest, c)
		drive(c)
	}
	if len(f.Ratings) > 0 || f.Commented {
		c := surveyed(f)
		rest = append(rest, cond{"exists (select 1 from survey v where v.conversation_id = c.id and " + c.text + ")", c.args})
		g.drivers = append(g.drivers, cond{"select distinct v.conversation_id as id from survey v where " + c.text, c.args})
	}
	if held := s.assignees(); len(held) > 0 && !known.assignee {
		c := in("c.assignee_id", held)
		rest = append(rest, c)
		if !slices.Contains(held, "") {
			drive(all(c, where("c.assignee_id <> ''"), stands))
		}
	}
	if len(f.Queues) > 0 && !known.queue {
		c := in("c.queue_id", unique(f.Queues))
		rest = append(rest, c)
		drive(all(c, stands))
	}
	if inboxes, given := s.inboxes(); given {
		c := in("c.inbox_id", inboxes)
		rest = append(rest, c)
		drive(all(c, where("c.inbox_id <> ''"), stands))
	}
	if len(f.Priorities) > 0 {
		c := cond{text: "c.priority in (" + strings.Repeat("?, ", len(f.Priorities)-1) + "?)"}
		for _, p := range f.Priorities {
			c.args = append(c.args, p.Rank())
		}
		rest = append(rest, c)
		if !slices.Contains(f.Priorities, rapport.Normal) {
			drive(all(c, where("c.priority <> 2"), stands))
		}
	}
	if f.WaitsMinutes > 0 {
		until := s.now.Add(-time.Duration(f.WaitsMinutes) * time.Minute)
		rest = append(rest, where("case when c.wait_queue <> '' then c.wait_since else c.awaits_since end between 1 and ?", until))
	}
	if f.Topic != "" {
		rest = append(rest, where(s.dialect.mentioning("?", "c.topic"), f.Topic))
	}
	switch s.q.View {
	case rapport.ViewUnassigned:
		if len(rest) > 0 || !known.visible {
			drive(where("c.wait_queue <> ''"))
		}
		if s.q.Sort == rapport.SortWaiting && len(f.Statuses) > 0 {
			rest = append(rest, stands)
		}
	case rapport.ViewChatbots:
		c := where("c.bot_id <> ''")
		rest = append(rest, c)
		drive(c)
	}
	if !known.visible {
		rest = append(rest, s.visible())
		if ids := slices.Sorted(maps.Keys(s.q.Actor.Queues)); len(ids) > 0 && len(ids) <= mostStream {
			parts := []cond{all(in("c.queue_id", ids), stands), all(where("c.assignee_id = ? and c.assignee_id <> ''", s.me), stands), all(where("c.transfer_queue <> ''"), in("c.transfer_queue", ids)), where("c.started_by = ? and c.started_by <> ''", s.me)}
			var union cond
			for i, p := range parts {
				if i > 0 {
					union.text += " union "
				}
				union.text += "select id from (select c.id as id from conversation c where " + p.text + " limit ?) v" + itoa(i)
				union.args = append(append(union.args, p.args...), few+1)
			}
			g.drivers = append(g.drivers, union)
		}
	}
	g.rest = all(rest...)
}

// surveyed is the condition of surveys that count.
func surveyed(f *rapport.ListFilter) cond {
	c := where("v.superseded_at = 0")
	if len(f.Ratings) > 0 {
		scores := cond{text: "v.score in (" + strings.Repeat("?, ", len(f.Ratings)-1) + "?)"}
		for _, r := range f.Ratings {
			score, _ := r.Score() // they were validated
			scores.args = append(scores.args, score)
		}
		c = all(c, scores)
	}
	if f.Commented {
		c = all(c, where("v.comment <> ''"))
	}
	return c
}

// visible is the condition of Actor.Sees.
func (s *selection) visible() cond {
	ids := slices.Sorted(maps.Keys(s.q.Actor.Queues))
	c := where("(c.assignee_id = ? and c.assignee_id <> '' or c.started_by = ? and c.started_by <> '')", s.me, s.me)
	if len(ids) == 0 {
		return c
	}
	queue, asked := in("c.queue_id", ids), in("c.transfer_queue", ids)
	c = cond{"(" + c.text + " or " + queue.text + " or " + asked.text + ")", append(append(c.args, queue.args...), asked.args...)}
	return c
}

// assignees are those of the filter and of the view; "" stands for nobody.
func (s *selection) assignees() []rapport.AgentID {
	if s.q.View == rapport.ViewMine {
		return []rapport.AgentID{s.me}
	}
	var list []rapport.AgentID
	for _, id := range unique(s.q.Filter.Assignees) {
		switch id {
		case rapport.AssigneeMe:
			id = s.me
		case rapport.AssigneeNobody:
			id = ""
		}
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// inboxes are those of the filter and of its channels.
func (s *selection) inboxes() (list []rapport.InboxID, given bool) {
	f := &s.q.Filter
	if len(f.Inboxes)+len(f.Channels) == 0 {
		return nil, false
	}
	if len(f.Channels) == 0 {
		return unique(f.Inboxes), true
	}
	for id, inbox := range s.config.Inboxes {
		if slices.Contains(f.Channels, inbox.Channel) && (len(f.Inboxes) == 0 || slices.Contains(f.Inboxes, id)) {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list, true
}

// impossible tells that nothing can meet the question.
func (s *selection) impossible() bool {
	inboxes, given := s.inboxes()
	if given && len(inboxes) == 0 {
		return true
	}
	if s.q.View == rapport.ViewMine {
		f := s.q.Filter.Assignees
		return s.me == "" || len(f) > 0 && !slices.Contains(f, s.me) && !slices.Contains(f, rapport.AssigneeMe)
	}
	return false
}

// queues are those of a list in their order: the default one, the rest A–Z, and
// what is in none.
func (s *selection) queues() []rapport.QueueID {
	ids := append(slices.Collect(maps.Keys(s.config.Queues)), "")
	if f := s.q.Filter.Queues; len(f) > 0 {
		ids = slices.DeleteFunc(ids, func(id rapport.QueueID) bool { return !slices.Contains(f, id) })
	}
	if s.only != nil {
		ids = slices.DeleteFunc(ids, func(id rapport.QueueID) bool { return !s.only[id] })
	}
	key := func(id rapport.QueueID) string {
		if q := s.config.Queues[id]; q != nil {
			return queueKey(q.Name, id == s.config.Default)
		}
		return queueKey("", false)
	}
	slices.SortFunc(ids, func(a, b rapport.QueueID) int {
		return cmp.Or(strings.Compare(key(a), key(b)), strings.Compare(string(a), string(b)))
	})
	return ids
}

func unique[T ~string](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
