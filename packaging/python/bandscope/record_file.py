# SPDX-License-Identifier: Apache-2.0
"""The HDF5 file under a Recorder: laid out as core/record/record_file.cpp and record_tables.cpp lay it out, so that a
writer killed at any moment leaves a file that opens. h5py's low-level functions, since its others choose for
themselves.
"""

import os
import struct
import time
from pathlib import Path

import h5py
import numpy as np
from h5py import h5a, h5d, h5f, h5g, h5p, h5s, h5t

from .errors import RecordError
from .schema import SCHEMA, STATES, tables

# More than what creating a record writes.
_CREATION_BYTES = 1 << 20


def _text_type(size):
    """Fixed length, UTF-8, padded with zeros: SWMR knows no texts of variable length."""
    kind = h5t.C_S1.copy()
    kind.set_size(max(size, 1))
    kind.set_cset(h5t.CSET_UTF8)
    kind.set_strpad(h5t.STR_NULLPAD)
    return kind


def _type_of(column):
    return {"int64": h5t.NATIVE_INT64, "float64": h5t.NATIVE_DOUBLE}.get(column.type) or _text_type(column.bytes)


def _scalar_bytes(text):
    data = text.encode()
    return np.array(data if data else b"\0", dtype=f"S{max(len(data), 1)}"), _text_type(len(data))


def _write_attribute(place, name, text):
    cell, kind = _scalar_bytes(text)
    attribute = h5a.create(place, name.encode(), kind, h5s.create(h5s.SCALAR))
    attribute.write(cell, mtype=kind)


def _write_text(place, name, text):
    cell, kind = _scalar_bytes(text)
    h5d.create(place, name.encode(), kind, h5s.create(h5s.SCALAR)).write(h5s.ALL, h5s.ALL, cell, kind)


def _create_scalar(group, name, kind, value):
    """A scalar that is overwritten while the file grows; its room is taken now, so that no metadata changes later."""
    properties = h5p.create(h5p.DATASET_CREATE)
    properties.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    dataset = h5d.create(group, name.encode(), kind, h5s.create(h5s.SCALAR), properties)
    dataset.write(h5s.ALL, h5s.ALL, np.array(value))
    return dataset


def _lock(path):
    """The writer's lock of core/record/writer_lock.h, by which readers know that the writer lives. The descriptor; -1
    where there is none to be had."""
    try:
        import fcntl

        command = fcntl.F_OFD_SETLK
    except (ImportError, AttributeError):  # no Linux
        return -1
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.fcntl(descriptor, command, struct.pack("@hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1 << 61, 1, 0))
    except OSError:  # a file system without locks
        pass
    return descriptor


class _TableWriter:
    def __init__(self, file, table, layers):
        self.table, self.rows = table, 0
        group = (
            h5g.create(file, table.group.encode())
            if table.group.encode() not in file
            else h5g.open(file, table.group.encode())
        )
        self.widths, self.types, self.datasets = [], [], []
        for column in table.columns:
            width = layers if table.group == "layers" and column.name != "step" else 0
            kind, shape = _type_of(column), (width,) if width else ()
            properties = h5p.create(h5p.DATASET_CREATE)
            properties.set_chunk((table.chunk_rows, *shape))
            if column.type == "float64":
                properties.set_fill_value(np.array(np.nan))
            space = h5s.create_simple((0, *shape), (h5s.UNLIMITED, *shape))
            dataset = h5d.create(group, column.name.encode(), kind, space, properties)
            for name in ("symbol", "unit", "meaning"):
                if getattr(column, name):
                    _write_attribute(dataset, name, getattr(column, name))
            self.widths.append(width)
            self.types.append(kind)
            self.datasets.append(dataset)

    def _write(self, index, first, count, cells):
        dataset, width = self.datasets[index], self.widths[index]
        shape = (width,) if width else ()
        dataset.set_extent((first + count, *shape))
        space = dataset.get_space()
        space.select_hyperslab((first, *(0 for _ in shape)), (count, *shape))
        dataset.write(h5s.create_simple((count, *shape)), space, cells, self.types[index])

    def write(self, first, count, columns):
        """Rows `first` and on, which end the table. `columns`: an array per column, `step` last. It is written and
        flushed after the others, so that its length is the number of whole rows."""
        last = len(self.datasets) - 1
        for index in range(last):
            self._write(index, first, count, columns[index])
        h5f.flush(self.datasets[last], h5f.SCOPE_LOCAL)
        self._write(last, first, count, columns[last])
        self.datasets[last].flush()
        self.rows = first + count


class RecordFile:
    """A new record, created under a temporary name and given its own when it is whole. OSError and RuntimeError of h5py
    pass through."""

    def __init__(self, path, spec, environment, layer_names):
        self.path = Path(path)
        self._temporary = self.path.parent / f".{self.path.name}.{os.getpid()}.new"
        self._temporary.unlink(missing_ok=True)
        self._require_room()
        access = h5p.create(h5p.FILE_ACCESS)
        # The newest layout that HDF5 1.10 reads, which is the first with SWMR.
        access.set_libver_bounds(h5f.LIBVER_V110, h5f.LIBVER_V110)
        access.set_fclose_degree(h5f.CLOSE_STRONG)
        if hasattr(access, "set_file_locking"):
            access.set_file_locking(False, True)
        creation = h5p.create(h5p.FILE_CREATE)
        # Metadata never lies across two pages of the kernel's, so a killed process leaves none half written.
        creation.set_file_space_strategy(h5f.FSPACE_STRATEGY_PAGE, False, 1)
        creation.set_file_space_page_size(SCHEMA["page_bytes"])
        self._file, self._lock = None, -1
        try:
            self._file = h5f.create(os.fsencode(self._temporary), h5f.ACC_EXCL, creation, access)
            self._lock = _lock(self._temporary)
            self._lay_out(spec, environment, layer_names)
            self._publish()
        except BaseException:
            self.abandon()
            self._temporary.unlink(missing_ok=True)
            raise

    def _require_room(self):
        """Fails where the disk has no room for a new record, before HDF5 is asked to create one half way."""
        descriptor = os.open(self._temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, _CREATION_BYTES // 4)
        finally:
            os.close(descriptor)
            self._temporary.unlink()

    def _lay_out(self, spec, environment, layer_names):
        file = self._file
        _write_attribute(file, "format", SCHEMA["format"])
        version = h5a.create(file, b"format_version", h5t.STD_I64LE, h5s.create(h5s.SCALAR))
        version.write(np.array(SCHEMA["format_version"], dtype=np.int64))
        del version
        _write_text(file, "spec", spec)
        _write_text(file, "environment", environment)
        status = h5g.create(file, b"status")
        self._state = _create_scalar(status, "state", h5t.NATIVE_INT64, np.int64(STATES["waiting"]))
        self._heartbeat = _create_scalar(status, "heartbeat", h5t.NATIVE_DOUBLE, np.float64(time.time()))
        if layer_names:
            names = np.array([name.encode() for name in layer_names])
            kind = _text_type(names.dtype.itemsize)
            group = h5g.create(file, b"layers")
            h5d.create(group, b"names", kind, h5s.create_simple(names.shape)).write(h5s.ALL, h5s.ALL, names, kind)
            del group
        del status
        self.tables = {
            name: _TableWriter(file, table, len(layer_names)) for name, table in tables(len(layer_names)).items()
        }
        h5f.flush(file, h5f.SCOPE_GLOBAL)
        # From here on rows are only appended: HDF5 does not refuse new objects, but readers break on them.
        file.start_swmr_write()

    def _publish(self):
        try:
            os.link(self._temporary, self.path)  # never over another file
        except FileExistsError:
            raise RecordError(f"cannot write {self.path}: the file exists already") from None
        except OSError:  # a file system without hard links
            if self.path.exists():
                raise RecordError(f"cannot write {self.path}: the file exists already") from None
            os.rename(self._temporary, self.path)
            return
        os.unlink(self._temporary)

    def write_state(self, state):
        self._state.write(h5s.ALL, h5s.ALL, np.array(STATES[state], dtype=np.int64))
        self._state.flush()

    def write_heartbeat(self):
        self._heartbeat.write(h5s.ALL, h5s.ALL, np.array(time.time()))
        self._heartbeat.flush()

    def overwrite_state(self, state):
        """The state alone, past HDF5 and in the room that it has: what a full disk still takes."""
        try:
            place = self._state.get_offset()
            if place is not None:
                os.pwrite(self._file.get_vfd_handle(), struct.pack("<q", STATES[state]), place)
        except (OSError, RuntimeError, ValueError, AttributeError):
            pass

    def close(self):
        if self._file is None:
            return
        file, self._file = self._file, None
        self.tables, self._state, self._heartbeat = {}, None, None
        try:
            h5py.File(file).close()
        finally:
            self._unlock()

    def abandon(self):
        """After a failed write: closes without touching the file, which stays as the last good flush left it."""
        if self._file is not None:
            try:
                descriptor = self._file.get_vfd_handle()
                nowhere = os.memfd_create("bandscope-abandoned-record")
                # Closing reads the superblock's extension again, which lies at the front.
                os.pwrite(nowhere, os.pread(descriptor, _CREATION_BYTES, 0), 0)
                os.dup2(nowhere, descriptor, inheritable=False)
                os.close(nowhere)
            except (OSError, AttributeError):
                pass
            try:
                self.close()
            except (OSError, RuntimeError, ValueError):
                self._file = None
        self._unlock()

    def _unlock(self):
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
