package store

import (
	"database/sql"
	"encoding/binary"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// answer is what the writer's connection to PostgreSQL gives to a statement. It
// reads as *sql.Rows does.
type answer struct {
	rows    pgx.Rows
	results pgx.BatchResults
	session *session
}

func (a *answer) Next() bool { return a.rows.Next() }
func (a *answer) Err() error { return a.session.noted(a.rows.Err()) }

// Close reads the rest; the connection is free afterwards.
func (a *answer) Close() error {
	a.rows.Close()
	if err := a.session.noted(a.rows.Err()); err != nil {
		_ = a.results.Close() // says the same once more
		return err
	}
	return a.session.noted(a.results.Close())
}

// Scan takes whole numbers for truth, as they rest in the database.
func (a *answer) Scan(dest ...any) error {
	fields, values := a.rows.FieldDescriptions(), a.rows.RawValues()
	if len(dest) != len(fields) {
		return a.rows.Scan(dest...) // says what is wrong
	}
	for i, d := range dest {
		raw := values[i]
		switch f := fields[i]; {
		case raw == nil:
			s, ok := d.(sql.Scanner)
			if !ok {
				return cannotScan(d, nil)
			}
			if err := s.Scan(nil); err != nil {
				return err
			}
		case f.DataTypeOID == pgtype.TextOID || f.DataTypeOID == pgtype.VarcharOID || f.DataTypeOID == pgtype.UnknownOID:
			if err := setText(d, string(raw)); err != nil {
				return err
			}
		case f.Format == pgx.BinaryFormatCode && f.DataTypeOID == pgtype.Int8OID:
			if err := setNumber(d, int64(binary.BigEndian.Uint64(raw))); err != nil {
				return err
			}
		case f.Format == pgx.BinaryFormatCode && f.DataTypeOID == pgtype.Int4OID:
			if err := setNumber(d, int64(int32(binary.BigEndian.Uint32(raw)))); err != nil {
				return err
			}
		case f.Format == pgx.BinaryFormatCode && f.DataTypeOID == pgtype.BoolOID:
			if err := setNumber(d, int64(raw[0])); err != nil {
				return err
			}
		default:
			return cannotScan(d, f.DataTypeOID)
		}
	}
	return nil
}

// affected closes the answer of a statement that changes rows.
func (a *answer) affected() (int64, error) {
	err := a.Close()
	return a.rows.CommandTag().RowsAffected(), err
}

// only is the one row that was asked for.
type only struct{ rows }

func (o only) Scan(dest ...any) error {
	if !o.Next() {
		if err := o.Close(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := o.rows.Scan(dest...); err != nil {
		_ = o.Close() // the connection is told to drop the rest
		return err
	}
	return o.Close()
}
