package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rapport"
	"rapport/app"
	"rapport/store"
	"rapport/workflow"
)

type workflows struct {
	Export workflowExport `cmd:"" help:"Write a workflow as a file of YAML, with names instead of ids."`
	Import workflowImport `cmd:"" help:"Take a workflow from a file, as a draft or published."`
	Check  workflowCheck  `cmd:"" help:"Check files of workflows without a database."`
	Test   workflowTest   `cmd:"" help:"Run the tests of files of workflows in virtual time."`
}

type workflowExport struct {
	Name  string `arg:"" help:"Name of the workflow."`
	Draft bool   `help:"The draft instead of the live version."`
	Out   string `help:"File to write; empty: standard output." type:"path"`
}

// named finds a workflow by its name.
func namedWorkflow(tx *store.Tx, name string) (rapport.Workflow, bool, error) {
	list, err := tx.Workflows()
	for _, w := range list {
		if strings.EqualFold(w.Name, name) {
			return w, true, err
		}
	}
	return rapport.Workflow{}, false, err
}

// Run reads the database only.
func (x workflowExport) Run(ctx context.Context, c *app.Config) error {
	db, err := existing(ctx, *c)
	if err != nil {
		return err
	}
	defer db.Close()
	var text []byte
	err = db.View(ctx, func(tx *store.Tx) error {
		w, there, err := namedWorkflow(tx, x.Name)
		if err != nil {
			return err
		}
		if !there {
			return fmt.Errorf("there is no workflow called %s", x.Name)
		}
		definition := w.Draft
		if w.Published > 0 && !x.Draft {
			v, err := tx.Version(w.ID, w.Published)
			if err != nil {
				return err
			}
			definition = v.Definition
		}
		var d workflow.Definition
		if err := json.Unmarshal(definition, &d); err != nil {
			return err
		}
		known, err := workflow.KnownIn(tx)
		if err != nil {
			return err
		}
		text, err = d.ToFile(w.Name, known).Encode()
		return err
	})
	if err != nil {
		return err
	}
	if x.Out == "" {
		_, err = os.Stdout.Write(text)
		return err
	}
	return os.WriteFile(x.Out, text, 0o644)
}

type workflowImport struct {
	File    string `arg:"" help:"File of YAML." type:"existingfile"`
	Publish bool   `help:"Make it the live version at once."`
	Note    string `help:"What has changed, for the list of versions."`
}

// Run works on the database directly, next to a running server too.
func (x workflowImport) Run(ctx context.Context, c *app.Config) error {
	f, err := readWorkflow(x.File)
	if err != nil {
		return err
	}
	db, err := existing(ctx, *c)
	if err != nil {
		return err
	}
	defer db.Close()
	actor := rapport.Actor{Kind: rapport.ActorSystem, Name: "Command line"}
	told := ""
	err = db.Update(ctx, func(tx *store.Tx) error {
		if err := app.Prepare(tx); err != nil {
			return err
		}
		known, err := workflow.KnownIn(tx)
		if err != nil {
			return err
		}
		d, problems := f.Resolve(known)
		if len(problems) > 0 {
			return problemsOf(x.File, problems)
		}
		w, there, err := namedWorkflow(tx, f.Name)
		switch {
		case err != nil:
			return err
		case there:
			w, err = workflow.SaveDraft(tx, w.ID, d)
		default:
			w, err = workflow.Create(tx, f.Name, d)
		}
		if err != nil {
			return err
		}
		told = w.Name + " is a draft now."
		if !x.Publish {
			return tx.Audit(actor, "workflow.imported", w.Name, "as a draft")
		}
		if problems := workflow.Check(d, known); len(problems) > 0 {
			return problemsOf(x.File, problems)
		}
		note := x.Note
		if note == "" {
			note = "from " + filepath.Base(x.File)
		}
		if w, err = workflow.Publish(tx, actor, w.ID, note); err != nil {
			return err
		}
		told = fmt.Sprintf("%s is live as version %d.", w.Name, w.Published)
		return tx.Audit(actor, "workflow.published", w.Name, fmt.Sprintf("version %d: %s", w.Published, note))
	})
	if err == nil {
		fmt.Println(told)
	}
	return err
}

// problemsOf is an error that tells all problems, a line each.
func problemsOf(file string, problems []workflow.Problem) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is not right:", file)
	for _, p := range problems {
		where := strings.Trim(p.Step+" "+p.Field, " ")
		if where == "" {
			where = "workflow"
		}
		fmt.Fprintf(&b, "\n  %s: %s", where, p.Message)
	}
	return errors.New(b.String())
}

func readWorkflow(name string) (workflow.File, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return workflow.File{}, err
	}
	f, err := workflow.ReadFile(text)
	if err != nil {
		return f, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

type workflowCheck struct {
	Files []string `arg:"" help:"Files of YAML." type:"existingfile"`
}

// Run needs no database, so names of queues and agents are taken on trust.
func (x workflowCheck) Run() error {
	var all []error
	for _, name := range x.Files {
		f, err := readWorkflow(name)
		if err != nil {
			all = append(all, err)
			continue
		}
		d := f.Definition()
		if problems := workflow.Check(d, workflow.Known{}); len(problems) > 0 {
			all = append(all, problemsOf(name, problems))
			continue
		}
		fmt.Printf("%s: good, %d steps\n", name, len(d.Steps))
	}
	return errors.Join(all...)
}

type workflowTest struct {
	Files []string `arg:"" help:"Files of YAML; tests also come from FILE.test.yaml beside each." type:"existingfile"`
}

// Run plays every scenario and says what differs.
func (x workflowTest) Run() error {
	failed := 0
	for _, name := range x.Files {
		n, err := testWorkflow(os.Stdout, name)
		if err != nil {
			return err
		}
		failed += n
	}
	if failed > 0 {
		return fmt.Errorf("%d tests failed", failed)
	}
	return nil
}

func testWorkflow(out io.Writer, name string) (failed int, err error) {
	f, err := readWorkflow(name)
	if err != nil {
		return 0, err
	}
	beside := strings.TrimSuffix(name, filepath.Ext(name)) + ".test.yaml"
	text, err := os.ReadFile(beside)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return 0, err
	default:
		tests, err := workflow.ReadTests(text)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", beside, err)
		}
		f.Tests = append(f.Tests, tests...)
	}
	d := f.Definition()
	if problems := workflow.Check(d, workflow.Known{}); len(problems) > 0 {
		return 0, problemsOf(name, problems)
	}
	if len(f.Tests) == 0 {
		return 0, fmt.Errorf("%s has no tests, and there is no %s", name, beside)
	}
	for _, c := range f.Tests {
		trial, wrong, err := c.Run(d)
		if err != nil {
			return failed, fmt.Errorf("%s: %s: %s", name, c.Name, sentence(err))
		}
		if len(wrong) == 0 {
			fmt.Fprintf(out, "ok    %s: %s\n", f.Name, c.Name)
			continue
		}
		failed++
		fmt.Fprintf(out, "FAIL  %s: %s\n", f.Name, c.Name)
		for _, w := range wrong {
			fmt.Fprintf(out, "      %s\n", w)
		}
		for _, l := range trial.Path {
			fmt.Fprintf(out, "      %s  %-12s %-8s %s\n", l.At.Format("15:04:05"), l.Step, l.Outcome, l.Detail)
		}
	}
	return failed, nil
}
