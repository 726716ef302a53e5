package channel

import (
	"errors"

	"rapport/lib/option"
)

// Options of inboxes are described as everywhere else.
type (
	Option = option.Option
	Type   = option.Type
	Values = option.Values
)

const (
	String = option.String
	Text   = option.Text
	Bool   = option.Bool
	Int    = option.Int
	URL    = option.URL
	Color  = option.Color
	List   = option.List
	Secret = option.Secret
)

func (i Info) set() option.Set { return option.Set{Owner: "The channel " + i.Name, Options: i.Options} }

// Decode reads an inbox's options as they come from JSON; see option.Set.
func (i Info) Decode(raw map[string]any) (Values, error) { return i.set().Decode(raw) }

// Accept reads an inbox's options as somebody gives them, over those that were there
// until now, if any; see option.Set.
func (i Info) Accept(raw, was map[string]any) (Values, error) { return i.set().Accept(raw, was) }

// check refuses a description that forms and docs could not be made from.
func (i Info) check() error {
	if !option.IsWord(i.Kind) || i.Name == "" || i.Help == "" {
		return errors.New("a kind in lower case, a name and a help text are needed")
	}
	if i.Caps.MaxText < 1 {
		return errors.New("Caps.MaxText must say how long a text may be")
	}
	return i.set().Check()
}
