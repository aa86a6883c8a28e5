package dev.glint.runtime.image;

/** What becomes of the EXIF orientation tag. */
public enum OrientationRule {
    /** The picture is turned upright. */
    APPLY {
        @Override
        public Image apply(Image image) {
            return image.upright();
        }

        @Override
        public boolean transposes(int orientation) {
            return orientation > 4;
        }
    },
    /** The samples stay as stored. */
    IGNORE {
        @Override
        public Image apply(Image image) {
            return image;
        }

        @Override
        public boolean transposes(int orientation) {
            return false;
        }
    };

    /** The picture as the rule wants it; the same object if nothing is to be turned. */
    public abstract Image apply(Image image);

    /** Whether it makes columns of the rows of a picture with this orientation, 1 to 8. */
    public abstract boolean transposes(int orientation);
}
