// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.output.Head;
import org.sextant.models.network.NetworkShape;

@DisplayName("network.json")
class NetworkFileTest {
    @TempDir
    Path folder;

    private final NetworkFile file = new NetworkFile(
            "somebody",
            new NetworkShape("a table", 12, 34, 56, 4, 78, Set.of(Head.SCORE, Head.VALUE)),
            Map.of("updater", "own"));

    @Test
    @DisplayName("Says again what was written")
    void roundTrip() {
        file.write(folder);
        assertThat(NetworkFile.isIn(folder)).isTrue();
        assertThat(NetworkFile.read(folder)).isEqualTo(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"context\": 12 | \"context\": 0 | context is 0; supported is a whole number from 1",
                "\"vocabulary\": 34 | \"vocabulary\": 3.5 | vocabulary is 3.5; supported is a whole number",
                "\"provider\": \"somebody\", | '' | lacks provider",
                "value | velocity | outputs is velocity; supported is value and score",
                "\"own\" | 3 | settings.updater is 3; supported is a text",
                "\"context\" | \"kontext\" | kontext is 12; supported is none; understood are",
            })
    @DisplayName("Is refused where it says something else, with the place")
    void damaged(String good, String bad, String message) throws IOException {
        file.write(folder);
        Path path = folder.resolve(NetworkFile.NAME);
        String text = Files.readString(path);
        assertThat(text).contains(good);
        Files.writeString(path, text.replace(good, bad));
        assertThatThrownBy(() -> NetworkFile.read(folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(path.toString())
                .hasMessageContaining(message);
    }
}
