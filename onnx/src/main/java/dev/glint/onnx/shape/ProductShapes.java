package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Node;
import java.util.ArrayList;
import java.util.List;

/** Shapes of matrix products. */
final class ProductShapes {
    private ProductShapes() {}

    static List<Size> gemm(Node node, Operands operands) {
        List<Size> a = operands.shape(0);
        List<Size> b = operands.shape(1);
        boolean rowsLast = node.integer("transA", 0) != 0;
        boolean columnsFirst = node.integer("transB", 0) != 0;
        requireEqual(a.get(rowsLast ? 0 : 1), b.get(columnsFirst ? 1 : 0));
        return List.of(a.get(rowsLast ? 1 : 0), b.get(columnsFirst ? 0 : 1));
    }

    static List<Size> matMul(Operands operands) {
        List<Size> a = operands.shape(0);
        List<Size> b = operands.shape(1);
        if (a.size() < 2 || b.size() < 2) {
            throw new IllegalArgumentException("a product of vectors");
        }
        requireEqual(a.get(a.size() - 1), b.get(b.size() - 2));
        List<Size> product =
                new ArrayList<>(Operands.broadcast(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2)));
        product.add(a.get(a.size() - 2));
        product.add(b.get(b.size() - 1));
        return product;
    }

    private static void requireEqual(Size one, Size other) {
        if (!one.equals(other)) {
            throw new IllegalArgumentException(one + " times " + other);
        }
    }
}
