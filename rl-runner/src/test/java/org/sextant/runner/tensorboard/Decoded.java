// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.tensorboard;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;

/** Decodes events with Google's protocol buffers, from TensorFlow's message definitions (event.proto, summary.proto, tensor.proto). */
final class Decoded {
    private static final Descriptor EVENT = event();

    private Decoded() {}

    /** The message on one line, in protocol buffers' text format; fails on fields that the definitions lack. */
    static String text(byte[] event) throws InvalidProtocolBufferException {
        DynamicMessage message = DynamicMessage.parseFrom(EVENT, event);
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new AssertionError("fields that Event does not have: " + message.getUnknownFields());
        }
        return TextFormat.printer().emittingSingleLine(true).printToString(message);
    }

    private static Descriptor event() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("event.proto")
                .setPackage("tensorflow")
                .setSyntax("proto3")
                .addMessageType(message(
                        "Event",
                        scalar("wall_time", 1, Type.TYPE_DOUBLE),
                        scalar("step", 2, Type.TYPE_INT64),
                        scalar("file_version", 3, Type.TYPE_STRING),
                        nested("summary", 5, "Summary", false),
                        nested("session_log", 7, "SessionLog", false)))
                .addMessageType(message("SessionLog", scalar("status", 1, Type.TYPE_INT32)))
                .addMessageType(message("Summary", nested("value", 1, "Value", true)))
                .addMessageType(message(
                        "Value",
                        scalar("tag", 1, Type.TYPE_STRING),
                        scalar("simple_value", 2, Type.TYPE_FLOAT),
                        nested("tensor", 8, "TensorProto", false),
                        nested("metadata", 9, "SummaryMetadata", false)))
                .addMessageType(message("SummaryMetadata", nested("plugin_data", 1, "PluginData", false)))
                .addMessageType(message("PluginData", scalar("plugin_name", 1, Type.TYPE_STRING)))
                .addMessageType(message(
                        "TensorProto",
                        scalar("dtype", 1, Type.TYPE_INT32),
                        nested("tensor_shape", 2, "TensorShapeProto", false),
                        scalar("string_val", 8, Type.TYPE_BYTES).setLabel(Label.LABEL_REPEATED)))
                .addMessageType(message("TensorShapeProto", nested("dim", 2, "Dim", true)))
                .addMessageType(message("Dim", scalar("size", 1, Type.TYPE_INT64)))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Event");
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static DescriptorProto message(String name, FieldDescriptorProto.Builder... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (FieldDescriptorProto.Builder field : fields) {
            message.addField(field);
        }
        return message.build();
    }

    private static FieldDescriptorProto.Builder scalar(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto.Builder nested(String name, int number, String message, boolean repeated) {
        return scalar(name, number, Type.TYPE_MESSAGE)
                .setTypeName(".tensorflow." + message)
                .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    }
}
