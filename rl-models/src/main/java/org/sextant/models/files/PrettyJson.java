// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;

/** JSON as {@code transformers} writes it to files: two spaces a level, one field a line, the same bytes on every system. */
final class PrettyJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PrettyJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String text(ObjectNode root) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(lines)
                .withArrayIndenter(lines);
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new PythonNumbers(JSON.createGenerator(text))) {
            generator.setPrettyPrinter(printer);
            JSON.writeTree(generator, root);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
        return text.append("\n").toString();
    }

    /** Writes decimal numbers as Python does. */
    private static final class PythonNumbers extends JsonGeneratorDelegate {
        PythonNumbers(JsonGenerator generator) {
            super(generator);
        }

        @Override
        public void writeNumber(double number) throws IOException {
            delegate.writeNumber(number(number));
        }
    }

    /** {@code repr} of Python: the same digits as Java has, with an exponent of at least two digits below 1e-4 and from 1e16 on. */
    static String number(double number) {
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (number == 0 || exponent >= -4 && exponent < 16) {
            return digits.setScale(Math.max(digits.scale(), 1)).toPlainString();
        }
        String mantissa = digits.movePointLeft(exponent).toPlainString();
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + "%02d".formatted(Math.abs(exponent));
    }
}
