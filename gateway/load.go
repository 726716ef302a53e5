package gateway

import (
	"context"
	"maps"
	"reflect"

	"rapport"
	"rapport/channel"
	"rapport/store"
)

// inbox is one that is configured and enabled. Without an adapter it could not
// be opened.
type inbox struct {
	rapport.Inbox
	sealed  map[string]string
	adapter channel.Adapter
}

// same tells whether an adapter made for i also fits o.
func (i *inbox) same(o *inbox) bool {
	return i.Channel == o.Channel && i.Name == o.Name && reflect.DeepEqual(i.Options, o.Options) && maps.Equal(i.sealed, o.sealed)
}

// load brings the adapters in line with what is configured.
func (g *Gateway) load(ctx context.Context) error {
	wanted := map[rapport.InboxID]*inbox{}
	var config *store.Configuration
	err := g.DB.View(ctx, func(tx *store.Tx) (err error) {
		if config, err = tx.Configuration(); err != nil {
			return err
		}
		for id, in := range config.Inboxes {
			if !in.Enabled {
				continue
			}
			i := &inbox{}
			if i.Inbox, i.sealed, err = tx.Inbox(id); err != nil {
				return err
			}
			wanted[id] = i
		}
		return nil
	})
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.country, g.defaultQueue = config.Settings.Country, config.Default
	for id, i := range wanted {
		if old := g.inboxes[id]; old != nil && old.adapter != nil && old.same(i) {
			i.adapter = old.adapter
			continue
		}
		if i.adapter, err = g.open(i); err != nil {
			g.Log.Error("cannot open an inbox", "channel", i.Channel, "inbox", i.ID, "error", err)
		}
	}
	for id, old := range g.inboxes {
		if now := wanted[id]; now == nil || now.adapter != old.adapter {
			g.retire(old)
		}
	}
	g.inboxes = wanted
	return nil
}

// open makes the adapter of an inbox.
func (g *Gateway) open(i *inbox) (channel.Adapter, error) {
	info, err := channel.Lookup(i.Channel)
	if err != nil {
		return nil, err
	}
	raw := map[string]any{}
	for _, o := range info.Options { // what an older version knew is left behind
		if value, there := i.Options[o.Name]; there {
			raw[o.Name] = value
		}
		if sealed, there := i.sealed[o.Name]; there {
			secret, err := g.Box.Open(sealed, string(i.ID))
			if err != nil {
				return nil, err
			}
			raw[o.Name] = secret
		}
	}
	values, err := info.Decode(raw)
	if err != nil {
		return nil, err
	}
	h := &host{g: g, inbox: i.ID}
	return channel.Open(channel.Setup{
		Inbox:  rapport.InboxRef{ID: i.ID, Name: i.Name, Channel: i.Channel},
		Values: values, Host: h, Visitors: h, Files: &files{h, i.Channel}, Contents: g.Shelf.Limits.From(clientOf(i.Channel), i.Channel), Client: g.Client, Fetch: g.Fetch, Log: g.Log,
	})
}
