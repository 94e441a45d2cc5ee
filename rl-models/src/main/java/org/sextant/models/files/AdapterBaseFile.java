// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sextant.models.kernels.WeightFormat;

/**
 * {@code sextant_base.json} beside an adapter: what it was trained on, so that the same weights are known again wherever they lie, and held again as
 * they were: rounded ones are others. A file of its own, because PEFT knows all keys of {@link AdapterConfigFile}.
 *
 * @param weights {@link Sha256#ofWeights} of what the adapter is for
 * @param held how that was held in memory
 */
public record AdapterBaseFile(String weights, WeightFormat held) {
    static final String NAME = "sextant_base.json";
    private static final String WEIGHTS = "weights_sha256";
    private static final String HELD = "weights_held";

    /**
     * What the adapter in a directory is for; empty if it was made elsewhere.
     *
     * @throws ModelFileException if the file is damaged
     */
    public static Optional<AdapterBaseFile> read(Path directory) {
        Path path = directory.resolve(NAME);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        JsonFile file = JsonFile.read(path);
        String held = key(WeightFormat.FLOAT);
        file.requireAmong(HELD, List.of(held, key(WeightFormat.BF16)));
        boolean half = !file.text(HELD, held).equals(held);
        return Optional.of(new AdapterBaseFile(file.text(WEIGHTS), half ? WeightFormat.BF16 : WeightFormat.FLOAT));
    }

    /** Writes it beside an adapter. */
    public void write(Path directory) {
        WholeFile.writeText(
                directory.resolve(NAME),
                PrettyJson.text(PrettyJson.object().put(HELD, key(held)).put(WEIGHTS, weights)));
    }

    private static String key(WeightFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
