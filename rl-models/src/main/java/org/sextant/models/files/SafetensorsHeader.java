// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of a safetensors file, checked before anything is believed: it is one JSON object without repeated names, every tensor has a
 * known type, a shape and offsets that agree, and all of them together cover the data without hole or overlap.
 *
 * @param tensors by name
 * @param metadata texts of {@code __metadata__}
 */
record SafetensorsHeader(SortedMap<String, TensorEntry> tensors, SortedMap<String, String> metadata) {
    /** Longest header that is read, as in the format's own implementation. */
    static final long MOST_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * @param file for messages
     * @param dataBytes bytes that follow the header
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataBytes) {
        return new Parser(file).parse(json, dataBytes);
    }

    private record Parser(String file) {
        SafetensorsHeader parse(byte[] json, long dataBytes) {
            JsonNode root = tree(json);
            SortedMap<String, TensorEntry> tensors = new TreeMap<>();
            SortedMap<String, String> metadata = new TreeMap<>();
            for (var field : root.properties()) {
                if (field.getKey().equals(METADATA)) {
                    metadata.putAll(metadata(field.getValue()));
                } else {
                    tensors.put(field.getKey(), entry(field.getKey(), field.getValue()));
                }
            }
            checkCover(tensors, dataBytes);
            return new SafetensorsHeader(
                    Collections.unmodifiableSortedMap(tensors), Collections.unmodifiableSortedMap(metadata));
        }

        private JsonNode tree(byte[] json) {
            if (json.length == 0 || json[0] != '{') {
                throw damaged("the header does not begin with '{'");
            }
            try {
                return JSON.readTree(json);
            } catch (JsonProcessingException e) {
                throw new ModelFileException(
                        file + " is damaged: the header is not JSON: " + ModelFileException.words(e), e);
            } catch (java.io.IOException e) {
                throw new ModelFileException(file + " is damaged: the header cannot be decoded: " + e.getMessage(), e);
            }
        }

        private SortedMap<String, String> metadata(JsonNode node) {
            SortedMap<String, String> texts = new TreeMap<>();
            if (!node.isObject()) {
                throw damaged(METADATA + " is not an object of texts");
            }
            for (var field : node.properties()) {
                if (!field.getValue().isTextual()) {
                    throw damaged(METADATA + "." + field.getKey() + " is not a text");
                }
                texts.put(field.getKey(), field.getValue().textValue());
            }
            return texts;
        }

        private TensorEntry entry(String name, JsonNode node) {
            if (!node.isObject() || node.size() != 3) {
                throw damaged(name, "its entry must have dtype, shape and data_offsets and nothing else");
            }
            ElementType type = type(name, node.path("dtype"));
            List<Long> shape = numbers(name, "shape", node.path("shape"));
            List<Long> offsets = numbers(name, "data_offsets", node.path("data_offsets"));
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
                throw damaged(name, "data_offsets are " + offsets + ", not [begin, end] with begin <= end");
            }
            long needed = bytes(name, type, shape);
            if (offsets.get(1) - offsets.get(0) != needed) {
                throw damaged(
                        name,
                        "data_offsets " + offsets + " span " + (offsets.get(1) - offsets.get(0)) + " bytes, shape "
                                + shape + " of " + type + " needs " + needed);
            }
            return new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1));
        }

        private ElementType type(String name, JsonNode node) {
            return Arrays.stream(ElementType.values())
                    .filter(t -> t.name().equals(node.textValue()))
                    .findFirst()
                    .orElseThrow(() ->
                            damaged(name, "dtype is " + node + "; known are " + Arrays.toString(ElementType.values())));
        }

        private List<Long> numbers(String name, String what, JsonNode node) {
            List<Long> numbers = new ArrayList<>();
            if (!node.isArray()) {
                throw damaged(name, what + " is not a list of whole numbers");
            }
            for (JsonNode number : node) {
                if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                    throw damaged(
                            name, what + " has " + number + "; only whole numbers from 0 to 2^63 - 1 are allowed");
                }
                numbers.add(number.longValue());
            }
            return numbers;
        }

        private long bytes(String name, ElementType type, List<Long> shape) {
            try {
                return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
            } catch (ArithmeticException e) {
                throw damaged(name, "shape " + shape + " has more bytes than any file can hold");
            }
        }

        private void checkCover(SortedMap<String, TensorEntry> tensors, long dataBytes) {
            List<TensorEntry> inOrder = tensors.values().stream()
                    .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
                    .toList();
            long at = 0;
            for (TensorEntry entry : inOrder) {
                if (entry.begin() != at) {
                    throw damaged(
                            entry.name(),
                            "its data begin at byte " + entry.begin() + ", but the tensor before ends at byte " + at
                                    + (entry.begin() > at ? ": a hole" : ": an overlap"));
                }
                at = entry.end();
            }
            if (at != dataBytes) {
                throw damaged("the header describes " + at + " bytes of data, the file has " + dataBytes
                        + (at > dataBytes ? ": it was cut off" : ": it is too long"));
            }
        }

        private ModelFileException damaged(String name, String what) {
            return damaged("tensor '" + name + "': " + what);
        }

        private ModelFileException damaged(String what) {
            return new ModelFileException(file + " is damaged: " + what);
        }
    }
}
