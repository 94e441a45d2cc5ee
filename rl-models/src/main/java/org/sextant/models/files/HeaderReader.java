// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the JSON of a safetensors header, entry by entry. */
final class HeaderReader {
    private static final String METADATA = "__metadata__";
    /** More than any framework gives a tensor that is a weight. */
    private static final int MOST_DIMENSIONS = 16;

    private final String file;
    private final SortedMap<String, TensorEntry> tensors = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    HeaderReader(String file) {
        this.file = file;
    }

    SortedMap<String, TensorEntry> tensors() {
        return tensors;
    }

    SortedMap<String, String> metadata() {
        return metadata;
    }

    void read(byte[] json) {
        if (json.length == 0 || json[0] != '{') {
            throw damaged("the header does not begin with '{'");
        }
        JsonStream.read(
                json,
                what -> damaged("the header is " + what),
                root -> root.object(name -> {
                    if (name.equals(METADATA)) {
                        readMetadata(root);
                    } else if (tensors.size() == SafetensorsHeader.MOST_TENSORS) {
                        throw damaged("the header has more than " + SafetensorsHeader.MOST_TENSORS
                                + " tensors; no model that can be read has so many");
                    } else {
                        tensors.put(name, new Entry(name).read(root));
                    }
                }));
    }

    private void readMetadata(JsonStream json) throws IOException {
        if (!json.isObject()) {
            throw damaged(METADATA + " is not an object of texts");
        }
        json.object(name -> {
            String text = json.textOrNull();
            if (text == null) {
                throw damaged(METADATA + "." + Shown.text(name) + " is not a text");
            }
            metadata.put(name, text);
        });
    }

    private ModelFileException damaged(String what) {
        return new ModelFileException(file + " is damaged: " + what);
    }

    /** One tensor's entry while it is read. */
    private final class Entry {
        private final String name;
        private ElementType type;
        private List<Long> shape;
        private List<Long> offsets;

        Entry(String name) {
            this.name = name;
        }

        TensorEntry read(JsonStream json) throws IOException {
            if (json.isObject()) {
                json.object(field -> readField(json, field));
            }
            if (type == null || shape == null || offsets == null) {
                throw fields();
            }
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
                throw wrong("data_offsets are " + offsets + ", not [begin, end] with begin <= end");
            }
            long span = offsets.get(1) - offsets.get(0);
            if (span != bytes()) {
                throw wrong("data_offsets " + offsets + " span " + span + " bytes, shape " + shape + " of " + type
                        + " needs " + bytes());
            }
            return new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1));
        }

        private void readField(JsonStream json, String field) throws IOException {
            switch (field) {
                case "dtype" -> type = type(json);
                case "shape" -> shape = lengths(json, field);
                case "data_offsets" -> offsets = lengths(json, field);
                default -> throw fields();
            }
        }

        private ElementType type(JsonStream json) throws IOException {
            String found = json.textOrNull();
            for (ElementType known : ElementType.values()) {
                if (known.name().equals(found)) {
                    return known;
                }
            }
            throw wrong("dtype is " + json.shown() + "; known are " + Arrays.toString(ElementType.values()));
        }

        private List<Long> lengths(JsonStream json, String field) throws IOException {
            if (!json.isList()) {
                throw wrong(field + " is not a list of whole numbers");
            }
            List<Long> lengths = new ArrayList<>();
            json.list(element -> {
                long length = element.lengthOrMinusOne();
                if (length < 0) {
                    throw wrong(
                            field + " has " + element.shown() + "; only whole numbers from 0 to 2^63 - 1 are allowed");
                }
                if (lengths.size() == MOST_DIMENSIONS) {
                    throw wrong(field + " has more than " + MOST_DIMENSIONS + " numbers");
                }
                lengths.add(length);
            });
            return lengths;
        }

        private long bytes() {
            try {
                return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
            } catch (ArithmeticException e) {
                throw wrong("shape " + shape + " has more bytes than any file can hold");
            }
        }

        private ModelFileException fields() {
            return wrong("its entry must have dtype, shape and data_offsets and nothing else");
        }

        private ModelFileException wrong(String what) {
            return damaged("tensor '" + Shown.text(name) + "': " + what);
        }
    }
}
