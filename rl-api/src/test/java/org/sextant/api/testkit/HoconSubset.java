// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the HOCON that default settings are written in: {@code key = value}, blocks, lists, quoted and bare values,
 * comments, dotted keys, the usual escapes. No substitutions, no includes; a later value replaces an earlier one, blocks are merged.
 */
final class HoconSubset {
    private final String text;
    private int at;

    private HoconSubset(String text) {
        this.text = text;
    }

    static Map<String, Object> parse(String... texts) {
        Map<String, Object> root = new LinkedHashMap<>();
        for (String text : texts) {
            HoconSubset parser = new HoconSubset(text);
            parser.members(root);
            parser.skip();
            if (parser.at < text.length()) {
                throw parser.error("nothing can stand here");
            }
        }
        return root;
    }

    private void members(Map<String, Object> into) {
        for (skip(); at < text.length() && text.charAt(at) != '}'; skip()) {
            String[] path = key().split("\\.");
            Map<String, Object> block = into;
            for (int i = 0; i + 1 < path.length; i++) {
                block = block(block, path[i]);
            }
            String last = path[path.length - 1];
            skip();
            if (text.charAt(at) == '{') {
                at++;
                members(block(block, last));
                expect('}');
            } else {
                block.put(last, value());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> block(Map<String, Object> of, String key) {
        if (!(of.get(key) instanceof Map)) {
            of.put(key, new LinkedHashMap<String, Object>());
        }
        return (Map<String, Object>) of.get(key);
    }

    private String key() {
        int from = at;
        while (at < text.length() && "={:\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == text.length() || text.charAt(at) == '\n') {
            throw error("key '" + text.substring(from, at).strip() + "' has no value");
        }
        String key = text.substring(from, at).strip();
        at += text.charAt(at) == '{' ? 0 : 1;
        return key;
    }

    private Object value() {
        skip();
        return switch (text.charAt(at)) {
            case '[' -> list();
            case '{' -> inner();
            case '"' -> quoted();
            default -> bare();
        };
    }

    private Map<String, Object> inner() {
        Map<String, Object> block = new LinkedHashMap<>();
        at++;
        members(block);
        expect('}');
        return block;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        at++;
        for (skip(); text.charAt(at) != ']'; skip()) {
            list.add(value());
        }
        at++;
        return list;
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            value.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
        }
        at++;
        return value.toString();
    }

    private char escaped() {
        at++;
        return switch (text.charAt(at)) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case '"', '\\', '/' -> text.charAt(at);
            default -> throw error("'\\" + text.charAt(at) + "' is no escape that is known here");
        };
    }

    private Object bare() {
        int from = at;
        while (at < text.length() && "\n,}]#".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String value = text.substring(from, at).strip();
        return switch (value) {
            case "null" -> HoconSubset.class;
            case "true" -> true;
            case "false" -> false;
            default -> value.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") ? Double.valueOf(value) : value;
        };
    }

    /** Stands for null, which is a value of its own. */
    static boolean isNull(Object value) {
        return value == null || value == HoconSubset.class;
    }

    private void expect(char c) {
        skip();
        if (at >= text.length() || text.charAt(at) != c) {
            throw error("'" + c + "' is missing");
        }
        at++;
    }

    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c) || c == ',') {
                at++;
            } else {
                return;
            }
        }
    }

    private IllegalArgumentException error(String what) {
        long line = text.substring(0, Math.min(at, text.length())).lines().count();
        return new IllegalArgumentException("line " + line + ": " + what);
    }
}
