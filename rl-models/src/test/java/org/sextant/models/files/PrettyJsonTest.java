// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrettyJsonTest {
    /** What Python's {@code repr} gives. */
    @ParameterizedTest
    @CsvSource({
        "1.0E-6, 1e-06",
        "1.0E-5, 1e-05",
        "1.0E-4, 0.0001",
        "0.02, 0.02",
        "0, 0.0",
        "8, 8.0",
        "10, 10.0",
        "500000, 500000.0",
        "1.0E7, 10000000.0",
        "-2.5E-10, -2.5e-10",
        "1.0E16, 1e+16",
        "1.25E100, 1.25e+100",
        "9007199254740993, 9007199254740992.0",
    })
    @DisplayName("Decimal numbers are written as transformers writes them")
    void numbers(double number, String written) {
        assertThat(PrettyJson.number(number)).isEqualTo(written);
        assertThat(Double.parseDouble(written)).isEqualTo(number);
        assertThat(PrettyJson.text(PrettyJson.object().put("x", number).put("n", 3)))
                .isEqualTo("{\n  \"x\": " + written + ",\n  \"n\": 3\n}\n");
    }
}
