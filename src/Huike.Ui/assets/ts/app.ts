import './requests';
import './navigation';
import './menus';
import './preferences';
import './toasts';
import './palette';
import './passkeys';
import './keys';
