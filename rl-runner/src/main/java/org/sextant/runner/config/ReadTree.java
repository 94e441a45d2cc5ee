// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was read, in the order of reading: a block has keys, a list of blocks has items, everything else has a value (null if absent). */
final class ReadTree {
    private final Map<String, ReadTree> keys = new LinkedHashMap<>();
    private final List<ReadTree> items = new ArrayList<>();
    private ConfigValue value;
    private boolean block;
    private boolean abandoned;

    ReadTree key(String name) {
        return keys.computeIfAbsent(name, k -> new ReadTree());
    }

    ReadTree item(int index) {
        while (items.size() <= index) {
            items.add(new ReadTree().asBlock());
        }
        return items.get(index);
    }

    ReadTree asBlock() {
        block = true;
        return this;
    }

    void value(ConfigValue read) {
        value = read;
    }

    /** Nothing below can be judged any more, because what should have read it is not known. */
    void abandon() {
        abandoned = true;
    }

    boolean isBlock() {
        return block;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    Map<String, ReadTree> keys() {
        return keys;
    }

    List<ReadTree> items() {
        return items;
    }

    ConfigValue value() {
        return value;
    }
}
