// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything that was read of a configuration, defaults included, and where each value comes from. */
public final class ResolvedConfig {
    /**
     * Keys that change where and how a run is computed and watched, not what it computes. {@code model.path} and {@code model.base} are left out
     * because a path names no contents: a run's provenance has the hash of its weights.
     */
    static final Set<String> NOT_IDENTITY = Set.of(
            "name",
            "run",
            "kernels",
            "device",
            "threads",
            "log",
            "checkpoint",
            "rollouts",
            "decoder",
            "plugins",
            "model.path",
            "model.base");

    private final ReadTree root;

    ResolvedConfig(ReadTree root) {
        this.root = root;
    }

    /** Whether a key decides what is computed. */
    private static boolean decides(String path) {
        return NOT_IDENTITY.stream().noneMatch(p -> path.equals(p) || path.startsWith(p + "."));
    }

    /** SHA-256 over the paths and values of all keys that decide what is computed; equal for runs that must give equal numbers. */
    public String identity() {
        StringBuilder text = new StringBuilder();
        leaves().forEach((path, value) -> {
            if (decides(path)) {
                text.append(path).append('=').append(value).append('\n');
            }
        });
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /**
     * Where the value of a key of nested blocks was written, as in {@code phases[0].critic.from}: file and line; of a block, the first value in it that was
     * read.
     */
    public String origin(String path) {
        ReadTree node = root;
        for (String key : path.split("[.\\[]")) {
            node = key.endsWith("]")
                    ? node.items().get(Integer.parseInt(key.substring(0, key.length() - 1)))
                    : node.key(key);
        }
        while (node.isBlock()) {
            node = node.keys().values().stream()
                    .filter(child -> child.isBlock() || child.value() != null)
                    .findFirst()
                    .orElseThrow();
        }
        return Origins.of(node.value());
    }

    /** Every value by its full path, as JSON. */
    public SortedMap<String, String> leaves() {
        SortedMap<String, String> leaves = new TreeMap<>();
        collect("", root, leaves);
        return leaves;
    }

    /**
     * Keys that decide what is computed and differ from those of a configuration that {@link #render} wrote, for people.
     *
     * @throws org.sextant.api.config.ConfigException if the file is not HOCON
     */
    public List<String> differences(Path rendered) {
        SortedMap<String, String> there = new TreeMap<>();
        flatten("", Layers.load(rendered, List.of()).given(), there);
        SortedMap<String, String> here = leaves();
        return Stream.concat(there.keySet().stream(), here.keySet().stream())
                .distinct()
                .sorted()
                .filter(ResolvedConfig::decides)
                .filter(path -> !Objects.equals(there.get(path), here.get(path)))
                .map(path -> path + " is " + there.getOrDefault(path, "not set") + " there and "
                        + here.getOrDefault(path, "not set") + " here")
                .toList();
    }

    private static void flatten(String path, ConfigValue value, Map<String, String> leaves) {
        if (value instanceof ConfigObject block) {
            block.forEach((key, inner) -> flatten(Unread.join(path, key), inner, leaves));
        } else if (value instanceof ConfigList list && !list.isEmpty() && list.get(0) instanceof ConfigObject) {
            for (int i = 0; i < list.size(); i++) {
                flatten(path + "[" + i + "]", list.get(i), leaves);
            }
        } else {
            leaves.put(path, Scalars.canonical(value));
        }
    }

    private static void collect(String path, ReadTree node, Map<String, String> leaves) {
        if (node.isBlock()) {
            node.keys().forEach((key, child) -> collect(Unread.join(path, key), child, leaves));
        } else if (node.items().isEmpty()) {
            leaves.put(path, node.value() == null ? "null" : Scalars.canonical(node.value()));
        }
        for (int i = 0; i < node.items().size(); i++) {
            collect(path + "[" + i + "]", node.items().get(i), leaves);
        }
    }

    /**
     * HOCON that gives the same run.
     *
     * @param origins whether each line says where its value comes from
     */
    public String render(boolean origins) {
        StringBuilder out = new StringBuilder();
        block(out, "", root, origins);
        return out.toString();
    }

    private static void block(StringBuilder out, String indent, ReadTree node, boolean origins) {
        node.keys().forEach((key, child) -> {
            String start = indent + ConfigUtil.joinPath(key);
            if (child.isBlock()) {
                out.append(start).append(" {\n");
                block(out, indent + "  ", child, origins);
                out.append(indent).append("}\n");
            } else if (!child.items().isEmpty()) {
                out.append(start).append(" = [\n");
                for (ReadTree item : child.items()) {
                    out.append(indent).append("  {\n");
                    block(out, indent + "    ", item, origins);
                    out.append(indent).append("  }\n");
                }
                out.append(indent).append("]\n");
            } else {
                line(out, start, child.value(), origins);
            }
        });
    }

    private static void line(StringBuilder out, String start, ConfigValue value, boolean origins) {
        String text = start + " = " + (value == null ? "null" : Scalars.json(value));
        boolean known = origins && value != null;
        out.append(known ? String.format("%-48s # %s", text, Origins.of(value)) : text)
                .append('\n');
    }
}
