"""Writes an event file with TensorBoard's own writer, for EventFileTest.

    pip install tensorboard==2.21.0
    python3 trainer/src/test/scripts/record_events.py trainer/src/test/resources/dev/glint/trainer/tensorboard/events
"""

import sys

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.summary.writer.record_writer import RecordWriter

TIME = 1_700_000_000.125

text = Summary.Value(
    tag="config",
    metadata=SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text")),
    tensor=TensorProto(dtype=DT_STRING, tensor_shape=TensorShapeProto(), string_val=["    größe: 32\n".encode()]),
)
curves = [Summary.Value(tag="loss/train", simple_value=0.1), Summary.Value(tag="accuracy/held-out", simple_value=0.75)]

with open(sys.argv[1], "wb") as file:
    writer = RecordWriter(file)
    writer.write(Event(wall_time=TIME, file_version="brain.Event:2").SerializeToString())
    start = SessionLog(status=SessionLog.SessionStatus.START)
    writer.write(Event(wall_time=TIME, step=7, session_log=start).SerializeToString())
    writer.write(Event(wall_time=TIME, step=0, summary=Summary(value=[text])).SerializeToString())
    writer.write(Event(wall_time=TIME, step=1, summary=Summary(value=curves)).SerializeToString())
    writer.write(Event(wall_time=TIME, step=300, summary=Summary(value=curves)).SerializeToString())
    writer.flush()
