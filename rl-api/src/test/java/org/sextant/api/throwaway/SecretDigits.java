// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sextant.api.environment.Item;
import org.sextant.api.environment.Split;
import org.sextant.api.environment.Task;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

/** Questions for {@link HigherLower}: numbered rooms, each with a digit that only the world knows. */
public final class SecretDigits implements Task {
    private static final int ROOMS = 1000;

    @Override
    public String name() {
        return "secret-digits";
    }

    @Override
    public long size(Split split) {
        return split == Split.TRAIN ? ROOMS : ROOMS / 10;
    }

    @Override
    public Item item(Split split, long index) {
        Objects.checkIndex(index, size(split));
        String room = (split == Split.TRAIN ? "t" : "e") + index;
        int digit = new Streams(1)
                .open(new StreamKey("secret/" + split, 0, index, 0))
                .nextInt(10);
        String answer = Integer.toString(digit);
        return new Item(room, room + " ", answer, Optional.of(answer), "one digit", Map.of());
    }

    @Override
    public String alphabet() {
        return "te 0123456789";
    }
}
