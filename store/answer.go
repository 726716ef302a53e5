package store

import (
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// answer is what the writer's connection to PostgreSQL gives to a statement. It
// reads as *sql.Rows does.
type answer struct {
	rows    pgx.Rows
	results pgx.BatchResults
}

func (a *answer) Next() bool { return a.rows.Next() }
func (a *answer) Err() error { return a.rows.Err() }

// Close reads the rest; the connection is free afterwards.
func (a *answer) Close() error {
	a.rows.Close()
	if err := a.rows.Err(); err != nil {
		_ = a.results.Close() // says the same once more
		return err
	}
	return a.results.Close()
}

// Scan takes whole numbers for truth, as they rest in the database.
func (a *answer) Scan(dest ...any) error {
	for i, d := range dest {
		if b, ok := d.(*bool); ok {
			dest[i] = (*truth)(b)
		}
	}
	return a.rows.Scan(dest...)
}

// affected closes the answer of a statement that changes rows.
func (a *answer) affected() (int64, error) {
	err := a.Close()
	return a.rows.CommandTag().RowsAffected(), err
}

// only is the one row of an answer.
type only struct{ *answer }

func (o only) Scan(dest ...any) error {
	if !o.Next() {
		if err := o.Close(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := o.answer.Scan(dest...); err != nil {
		_ = o.Close() // the connection is told to drop the rest
		return err
	}
	return o.Close()
}

// truth scans 0 and 1 as well as false and true.
type truth bool

func (t *truth) Scan(v any) error {
	switch v := v.(type) {
	case bool:
		*t = truth(v)
	case int64:
		*t = v != 0
	default:
		return fmt.Errorf("%T is neither true nor false", v)
	}
	return nil
}
