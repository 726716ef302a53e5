package workflow

import (
	"slices"
	"strings"
)

// FieldType says what a field takes and how a form asks for it.
type FieldType string

const (
	TypeString      FieldType = "string"
	TypeText        FieldType = "text" // several lines
	TypeInt         FieldType = "int"
	TypeDuration    FieldType = "duration" // seconds
	TypeBool        FieldType = "bool"
	TypeAgent       FieldType = "agent"
	TypeQueue       FieldType = "queue"
	TypeBot         FieldType = "bot"
	TypeInbox       FieldType = "inbox"
	TypeStatus      FieldType = "status" // state of a conversation
	TypePriority    FieldType = "priority"
	TypeTag         FieldType = "tag"
	TypeTags        FieldType = "tags"
	TypeFields      FieldType = "fields" // name → value
	TypeStep        FieldType = "step"
	TypeURL         FieldType = "url"
	TypeCondition   FieldType = "condition"
	TypeExpression  FieldType = "expression"
	TypeChoices     FieldType = "choices" // a list of short texts
	TypeStrategy    FieldType = "strategy"
	TypeWorkflow    FieldType = "workflow"
	TypeDisposition FieldType = "disposition" // by its code
)

// Choice is one value that a field or a fact may have.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Field is one thing to say about a trigger or a step.
type Field struct {
	Name     string    `json:"name"`
	Label    string    `json:"label"`
	Type     FieldType `json:"type" enum:"string,text,int,duration,bool,agent,queue,bot,inbox,status,priority,tag,tags,fields,step,url,condition,expression,choices,strategy,workflow,disposition"`
	Help     string    `json:"help"`
	Required bool      `json:"required"`
	Default  any       `json:"default,omitempty"`
	Choices  []Choice  `json:"choices,omitempty"`
	Template bool      `json:"template,omitempty" doc:"May hold {{facts}}, which are filled in."`
	Min      int       `json:"min,omitempty"`
	Max      int       `json:"max,omitempty"`
	Event    string    `json:"event,omitempty" doc:"Only with this choice of the field event."`
}

// Output is a way out of a step.
type Output struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// TriggerKind is a kind of trigger.
type TriggerKind struct {
	Kind   string  `json:"kind"`
	Label  string  `json:"label"`
	Help   string  `json:"help"`
	Fields []Field `json:"fields"`
}

// StepKind is a kind of step.
type StepKind struct {
	Kind    string   `json:"kind"`
	Label   string   `json:"label"`
	Help    string   `json:"help"`
	Group   string   `json:"group" enum:"people,customer,conversation,flow,outside"`
	Outputs []Output `json:"outputs"`
	Fields  []Field  `json:"fields"`
	Errors  bool     `json:"errors" doc:"It can fail; on_error says what then."`
}

// FactType is what a fact is.
type FactType string

const (
	FactString   FactType = "string"
	FactNumber   FactType = "number"
	FactBool     FactType = "bool"
	FactList     FactType = "list"
	FactDuration FactType = "duration" // seconds
	FactStatus   FactType = "status"
	FactPriority FactType = "priority"
	FactQueue    FactType = "queue"
	FactAgent    FactType = "agent"
	FactBot      FactType = "bot"
	FactInbox    FactType = "inbox"
)

// Fact is something known at a moment.
type Fact struct {
	Name    string   `json:"name" doc:"One that ends in .* stands for any name of a field."`
	Label   string   `json:"label"`
	Type    FactType `json:"type" enum:"string,number,bool,list,duration,status,priority,queue,agent,bot,inbox"`
	Help    string   `json:"help,omitempty"`
	Choices []Choice `json:"choices,omitempty"`

	Optional bool `json:"optional,omitempty" doc:"It may not exist."`
}

// Operator compares a fact with a value.
type Operator struct {
	Name  string     `json:"name"`
	Label string     `json:"label"`
	Types []FactType `json:"types" doc:"Of the facts that it takes."`
	Value string     `json:"value" enum:"none,one,many" doc:"Whether it takes a value: none, one, or a list."`
}

// Words is the whole vocabulary.
type Words struct {
	Triggers  []TriggerKind `json:"triggers"`
	Steps     []StepKind    `json:"steps"`
	Facts     []Fact        `json:"facts"`
	Operators []Operator    `json:"operators"`
}

// Vocabulary is all that workflows are made of. It must not be changed.
func Vocabulary() Words { return Words{triggers, steps, facts, operators} }

func triggerKind(kind string) *TriggerKind {
	if i := slices.IndexFunc(triggers, func(t TriggerKind) bool { return t.Kind == kind }); i >= 0 {
		return &triggers[i]
	}
	return nil
}

func stepKind(kind string) *StepKind {
	if i := slices.IndexFunc(steps, func(s StepKind) bool { return s.Kind == kind }); i >= 0 {
		return &steps[i]
	}
	return nil
}

// factNamed finds a fact, also one of the open families such as contact.fields.*.
func factNamed(name string) *Fact {
	for i := range facts {
		if facts[i].Name == name {
			return &facts[i]
		}
		if family, open := strings.CutSuffix(facts[i].Name, "*"); open {
			if field, of := strings.CutPrefix(name, family); of && fieldName.MatchString(field) {
				return &facts[i]
			}
		}
	}
	return nil
}

func operatorNamed(name string) *Operator {
	if i := slices.IndexFunc(operators, func(o Operator) bool { return o.Name == name }); i >= 0 {
		return &operators[i]
	}
	return nil
}

func named[T any](list []T, name func(T) string) string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = name(list[i])
	}
	return strings.Join(names, ", ")
}
